/// How much longer something lasts, in words.
enum TimeLeft {
    /// `30 more seconds`, `59 more minutes`, `47 more hours`, `9 more days`: whole ones, in a unit of which there are
    /// at least two.
    static func words(_ seconds: Int64) -> String {
        let units: [(noun: String, length: Int64)] = [
            ("more day", 86_400), ("more hour", 3600), ("more minute", 60),
        ]
        for unit in units where seconds >= 2 * unit.length {
            return Int(seconds / unit.length).counted(unit.noun)
        }
        return Int(max(0, seconds)).counted("more second")
    }
}
