/// stand-in for the compile only
public struct ZoneContent {
    public var zone: ZoneName; public var addresses: [IPAddress]; public var dns: DNSSettings
    public init(zone: ZoneName, addresses: [IPAddress], dns: DNSSettings) {
        self.zone = zone; self.addresses = addresses; self.dns = dns
    }
    public static func key(addresses: [IPAddress], dns: DNSSettings) -> String {
        "\(addresses) \(dns)"
    }
}
public enum ZoneRenderer {
    public static func expectedRecords(
        _ content: ZoneContent, serial: SOASerial, includeRecords: [DNSRecord]
    ) -> [DNSRecord] { [] }
    public static func render(_ content: ZoneContent, serial: SOASerial, include: [UInt8])
        -> [UInt8]
    { [] }
}
