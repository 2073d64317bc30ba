/// Chooses the live set: first what operators ask for, then what health asks for, within the rotation
/// budget and the guard's limits.
public struct Selector: Sendable {
    public var settings: SelectionSettings
    public var keep: JudgeSettings.Keep
    /// The edge list's edges.
    public var candidates: [Candidate]
    /// The live set as last published.
    public var published: [EdgeName]
    /// Whether nothing may change for health's sake (I14, I15).
    public var holdsHealth: Bool
    /// Whether health was judged, and selected by, in a round before: nobody is outdone on the same evidence twice.
    public var isStanding: Bool
    public var approvals: Set<String>
    /// `--force-update`: approves whatever an approval could.
    public var approvesAll: Bool
    public var now: Moment

    public init(
        settings: SelectionSettings, keep: JudgeSettings.Keep, candidates: [Candidate],
        published: [EdgeName], holdsHealth: Bool, isStanding: Bool = false,
        approvals: Set<String> = [], approvesAll: Bool = false, now: Moment
    ) {
        self.settings = settings
        self.keep = keep
        self.candidates = candidates
        self.published = published
        self.holdsHealth = holdsHealth
        self.isStanding = isStanding
        self.approvals = approvals
        self.approvesAll = approvesAll
        self.now = now
    }

    /// The fewest edges that may be live (I1).
    public var minimum: Int {
        settings.minimum(
            mayBeLive: candidates.count { $0.mayBeLive }, published: published.count)
    }

    /// The live set that follows.
    public func select(budget: RotationBudget) -> Selection {
        var draft = SelectionDraft(selector: self, budget: budget)
        let removal = massRemoval().flatMap { draft.isApproved($0) ? nil : $0 }
        draft.applyOperatorsWord(keepsGone: removal != nil)
        if let removal { draft.note(removal) }
        if holdsHealth || removal != nil {
            draft.fillPlacesThatOperatorsFreed()
        } else {
            draft.applyHealth()
        }
        if let hold = draft.shrinksTooFar(), !draft.isApproved(hold) {
            draft = SelectionDraft(selector: self, budget: budget)
            draft.holdEverything(hold)
        }
        return draft.finished()
    }

    /// More than half of the live set gone from the list at once (I9).
    private func massRemoval() -> Hold? {
        let listed = Set(candidates.map(\.name))
        let gone = published.filter { !listed.contains($0) }
        guard gone.count * 2 > published.count else { return nil }
        return .massRemoval(gone: gone.sorted(), live: published.count)
    }
}
