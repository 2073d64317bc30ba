/// What is said of operators' words that went with a database.
public enum LostWords {
    /// What is not known, and what to do, as a sentence ends.
    public static let notKnown =
        "modes, holds and the rotation budget of an earlier database are not known; set again what should hold"
    /// What else is not known where zones are published by updates.
    public static let withdrawnLabels =
        "which labels rotated before is not known: take away by hand what name servers still have at those that "
        + "rotate no more"
}
