import EdgeCore
import Testing

@Suite struct SOASerialTests {
    @Test(arguments: [
        (1, 1_700_000_000, 1_700_000_000), (1_700_000_000, 1_700_000_000, 1_700_000_001),
        (1_700_000_005, 1_700_000_000, 1_700_000_006), (4_294_967_295, 10, 10),
        (4_294_967_295, 4_294_967_290, 0),
    ])
    func follows(previous: UInt32, now: Int64, expected: UInt32) {
        #expect(SOASerial(previous).next(at: UnixTime(seconds: now)) == SOASerial(expected))
    }

    @Test func isUndefinedAtHalfTheSpace() {
        #expect(SOASerial(0x8000_0000).isNewer(than: SOASerial(0)) == nil)
        let next = SOASerial(0).next(at: UnixTime(seconds: 0x8000_0001))
        #expect(next == SOASerial(1))
    }

    /// Each newer than the one before in a circle: what comes first is followed, as far as anything can be.
    @Test func whatComesFirstIsFollowedInACircle() {
        let (published, file) = (SOASerial(10), SOASerial(1000))
        let served = SOASerial(10 &+ 0x8000_0005)
        #expect(file.isNewer(than: published) == true && served.isNewer(than: file) == true)
        #expect(published.isNewer(than: served) == true)
        let now = UnixTime(seconds: 0)
        #expect(SOASerial.following([published, file, served], at: now) == SOASerial(1001))
        #expect(SOASerial.following([published, file], at: now) == SOASerial(1001))
        let beyond = SOASerial(10 &+ 0x8000_0000)
        #expect(SOASerial.following([published, beyond], at: now) == SOASerial(11))
    }

    /// I3 across the wrap: whatever the clock says, the next serial is newer.
    @Test func alwaysRises() {
        var serial = SOASerial(4_294_900_000)
        for step in 0..<5000 {
            let wild = Int64(truncatingIfNeeded: UInt64(step) &* 0x9E37_79B9_7F4A_7C15 >> 20)
            let next = serial.next(at: UnixTime(seconds: wild % 9_000_000_000))
            #expect(next.isNewer(than: serial) == true)
            serial = next
        }
    }
}
