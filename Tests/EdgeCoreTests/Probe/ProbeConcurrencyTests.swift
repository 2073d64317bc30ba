import EdgeCore
import Testing

@Suite struct ProbeConcurrencyTests {
    @Test(
        "1,000 silent edges end within the budget",
        arguments: [
            (1000, 10, 1, 20_000, 250), (1000, 15, 1, 20_000, 500), (1000, 15, 600, 20_000, 600),
            (100, 10, 1, 20_000, 25), (1, 10, 1, 20_000, 1), (0, 10, 4, 20_000, 4),
            (5000, 15, 1, 20_000, 2500), (5000, 15, 1, 1024, 960), (1000, 60, 1, 20_000, 1000),
        ])
    func needed(_ requests: Int, _ timeout: Int, _ minimum: Int, _ limit: Int, _ expected: Int) {
        #expect(
            ProbeConcurrency.needed(
                requests: requests, timeout: .seconds(timeout), minimum: minimum,
                descriptorLimit: limit) == expected)
    }

    @Test("However few descriptors there are, one probe may run")
    func few() {
        #expect(ProbeConcurrency.allowed(descriptorLimit: 0) == 1)
        #expect(ProbeConcurrency.allowed(descriptorLimit: 10) == 5)
        #expect(ProbeConcurrency.allowed(descriptorLimit: 1024) == 960)
    }

    @Test("Text from the network is printable and short")
    func networkText() {
        #expect(NetworkText.printable("a\u{1b}[31mb\n") == "a?[31mb?")
        #expect(NetworkText.printable("é") == "??")
        let long = NetworkText.printable(String(repeating: "x", count: 1000))
        #expect(long.count == 100)
        #expect(long.hasSuffix("..."))
        #expect(NetworkText.printable(String(repeating: "x", count: 100)).hasSuffix("x"))
    }

    @Test("Bytes that are no certificate have no names")
    func noCertificate() {
        #expect(CertificateNames(der: []) == nil)
        #expect(CertificateNames(der: [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(CertificateNames(der: [0x30, 0x02, 0x30, 0x00]) == nil)
        // version, serial, algorithm, issuer "a", validity, subject "a" or "b"
        let fields: [UInt8] = [0x02, 1, 5, 0x30, 0, 0x30, 1, 0x61, 0x30, 0]
        let own: [UInt8] = [0x30, 15, 0x30, 13] + fields + [0x30, 1, 0x61]
        #expect(CertificateNames(der: own)?.isSelfSigned == true)
        #expect(CertificateNames(der: own.dropLast() + [0x62])?.isSelfSigned == false)
    }
}
