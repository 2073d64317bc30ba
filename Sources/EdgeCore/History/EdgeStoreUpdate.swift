/// What a round or a mode change adds to an edge's file; nil leaves a field as it is.
public struct EdgeStoreUpdate: Hashable, Sendable {
    /// The round's sample, appended.
    public var fetch: EdgeStoreFile.Fetch?
    public var health: Health?
    /// Mode, comment and the time of the change, together.
    public var mode: ModeRecord?
    public var isLive: Bool?
    /// When the edge went in or out, appended; nil when it did neither.
    public var rotation: UnixTime?

    public init(
        fetch: EdgeStoreFile.Fetch? = nil, health: Health? = nil, mode: ModeRecord? = nil,
        isLive: Bool? = nil, rotation: UnixTime? = nil
    ) {
        self.fetch = fetch
        self.health = health
        self.mode = mode
        self.isLive = isLive
        self.rotation = rotation
    }
}

extension EdgeStoreFile {
    /// The beginning of the hour that `time` falls into.
    public static func hour(of time: UnixTime) -> UnixTime {
        let length: Int64 = 3600
        let seconds = time.seconds
        return UnixTime(seconds: seconds - (seconds % length + length) % length)
    }

    /// The file with an update added: the oldest entries fall out where there is no room, and the
    /// mean of the sample's hour is that of the samples kept of it, counted back without a gap.
    public func applying(_ update: EdgeStoreUpdate) -> EdgeStoreFile {
        var file = self
        if let fetch = update.fetch {
            file.fetchTimes = (file.fetchTimes + [fetch]).suffix(Self.maximumEntries)
            let hour = Self.hour(of: fetch.time)
            var sum = SampleSum()
            for kept in file.fetchTimes.reversed() {
                guard Self.hour(of: kept.time) == hour else { break }
                sum = sum.adding(kept.duration)
            }
            if file.historicalAverage.last?.time == hour { file.historicalAverage.removeLast() }
            if let mean = sum.mean {
                file.historicalAverage.append(.init(time: hour, duration: mean))
            }
            file.historicalAverage = file.historicalAverage.suffix(Self.maximumEntries)
        }
        if let health = update.health { file.health = health }
        if let record = update.mode {
            file.mode = record.mode
            file.comment = record.comment
            file.stateEntryTime = record.changed
        }
        if let isLive = update.isLive { file.isLive = isLive }
        if let rotation = update.rotation {
            file.rotationHistory = (file.rotationHistory + [rotation]).suffix(Self.maximumEntries)
        }
        return file
    }
}
