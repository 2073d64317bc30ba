import Testing

@testable import EdgeServer

/// Who asks at the socket, by the system's users and groups.
@Suite struct PeerTests {
    @Test func aUserIsNamed() {
        #expect(Peer(user: 0, group: 0).name == "root")
        #expect(Peer(user: 4_000_000_001, group: 0).name == "uid 4000000001")
    }

    @Test func membersAreThoseOfTheGroup() {
        let root = Peer(user: 0, group: 4_000_000_001)
        // Its first group is in the users' list, not in the groups'.
        #expect(root.isMember(of: "root"))
        #expect(!root.isMember(of: "nogroup"))
        #expect(!root.isMember(of: "there-is-no-such-group"))
        let stranger = Peer(user: 4_000_000_001, group: 0)
        #expect(stranger.isMember(of: "root"))
        #expect(!stranger.isMember(of: "daemon"))
    }
}
