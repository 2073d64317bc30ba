import EdgeCore
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
        ("2001:DB8::1", "2001:db8::1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ])
    func readsAndWrites(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect("\(address)" == written)
        #expect(IPAddress(written) == address)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1.2.3.4 ", ":", ":::",
        "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "12345::", "::1%eth0",
        "1.2.3.4::",
        "::-1", "::+1", "١.2.3.4",
    ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func ordersByFamilyThenValue() throws {
        let sorted = ["::1", "192.0.2.10", "192.0.2.9", "2001:db8::"].compactMap { IPAddress($0) }
            .sorted()
        #expect(sorted.map(\.description) == ["192.0.2.9", "192.0.2.10", "::1", "2001:db8::"])
    }

    @Test(arguments: [
        "127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "::1", "fe80::1", "ff02::1",
    ])
    func knowsWhatNoEdgeCanHave(text: String) throws {
        #expect(try #require(IPAddress(text)).isPubliclyUsable == false)
    }
}
