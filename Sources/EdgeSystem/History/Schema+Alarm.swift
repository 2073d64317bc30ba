extension Schema {
    /// What alarms remember of a network: `state` is `AlarmState` as JSON, `sent` by receiver when it was told
    /// something within the last hour, as JSON too, which other networks' limits look at.
    static let alarms = """
        CREATE TABLE alarm(
            network INTEGER PRIMARY KEY REFERENCES network(id), state TEXT NOT NULL,
            sent TEXT NOT NULL);
        """
}
