internal import EdgeCore

/// The questions of one survey and what was answered so far.
struct AskSheet {
    typealias Answers = [ZoneName: Result<ServedZone, ServedFault>]

    /// One question: the zone's SOA, or addresses of one of its names.
    struct Item {
        var zone: Int
        /// -1: the SOA.
        var name: Int
        var question: DNSQuestion

        var family: AddressFamily { question.type == .aaaa ? .ipv6 : .ipv4 }
    }

    private struct Entry {
        var served = ServedZone(serial: SOASerial(0))
        var open: Int
        var fault: ServedFault?
    }

    let zones: [ZoneQuestion]
    let items: [Item]
    private var entries: [Entry]
    /// Items that only unreadable answers came to, and what was wrong.
    private var doubts: [Int: String] = [:]

    init(_ zones: [ZoneQuestion]) {
        self.zones = zones
        var items: [Item] = []
        var entries: [Entry] = []
        entries.reserveCapacity(zones.count)
        for (index, zone) in zones.enumerated() {
            var entry = Entry(open: 0)
            func add(_ name: Int, _ text: String, _ type: QuestionType) {
                guard let question = DNSQuestion(text, type) else {
                    entry.fault = .malformed(reason: "\(text) is no name that can be asked for")
                    return
                }
                items.append(Item(zone: index, name: name, question: question))
                entry.open += 1
            }
            add(-1, zone.zone.text, .soa)
            for (position, name) in zone.names.enumerated() {
                for family in zone.families.sorted() {
                    add(position, name, family == .ipv4 ? .a : .aaaa)
                }
            }
            entries.append(entry)
        }
        self.items = items
        self.entries = entries
    }

    /// Whether nothing more is to be learned of the item's zone.
    func isSettled(_ item: Int) -> Bool { entries[items[item].zone].fault != nil }

    /// Takes a readable answer in.
    mutating func take(_ reply: DNSReply, for index: Int) {
        doubts[index] = nil
        let item = items[index]
        let zone = item.zone
        entries[zone].open -= 1
        guard entries[zone].fault == nil else { return }
        if let fault = fault(reply, item: item) {
            entries[zone].fault = fault
        } else if item.name < 0, let soa = reply.soa {
            entries[zone].served.serial = soa.serial
            entries[zone].served.soa = soa.text
        } else if item.name >= 0 {
            let name = zones[zone].names[item.name]
            entries[zone].served.names[name, default: [:]][item.family] = ServedZone.Addresses(
                addresses: reply.addresses, ttl: reply.ttl)
        }
    }

    private func fault(_ reply: DNSReply, item: Item) -> ServedFault? {
        // A name that is not there has no addresses; the zone itself must be there.
        let isMissing = reply.code == .missingName && item.name >= 0
        if reply.code != .noError, !isMissing { return .answered(code: "\(reply.code)") }
        if !reply.isAuthoritative { return .notAuthoritative }
        if item.name < 0, reply.soa == nil {
            return .malformed(reason: "its answer for the SOA holds none")
        }
        guard reply.isAlias else { return nil }
        return .alias(
            owner: item.name < 0 ? "\(zones[item.zone].zone)." : zones[item.zone].names[item.name])
    }

    /// An item that will get no readable answer.
    mutating func fail(_ index: Int, _ fault: ServedFault) {
        let zone = items[index].zone
        entries[zone].open -= 1
        entries[zone].fault = entries[zone].fault ?? fault
    }

    /// Notes an answer that can't be read; the item stays open, since a readable one may still come.
    mutating func doubt(_ index: Int, reason: String) {
        doubts[index] = doubts[index] ?? reason
    }

    /// What was found; zones with questions left get `fault`, or what was wrong with the answers to them.
    func answers(unfinished fault: ServedFault) -> Answers {
        var reasons: [Int: String] = [:]
        for (index, reason) in doubts.sorted(by: { $0.key < $1.key }) {
            let zone = items[index].zone
            reasons[zone] = reasons[zone] ?? reason
        }
        var answers: Answers = [:]
        answers.reserveCapacity(zones.count)
        for (index, (zone, entry)) in zip(zones, entries).enumerated() {
            if let fault = entry.fault {
                answers[zone.zone] = .failure(fault)
            } else if entry.open > 0 {
                answers[zone.zone] = .failure(
                    reasons[index].map { .malformed(reason: $0) } ?? fault)
            } else {
                answers[zone.zone] = .success(entry.served)
            }
        }
        return answers
    }
}
