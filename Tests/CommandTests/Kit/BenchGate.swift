/// Lets so many benches be in use at a time: with a hundred at once the machine is so slow that the
/// program takes itself for the sick one, rightly.
actor BenchGate {
    static let shared = BenchGate(places: 6)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    /// Takes a place, when there is one.
    func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Gives the place to whoever waited longest.
    func leave() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        places += 1
    }
}
