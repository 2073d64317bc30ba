/// Every key of the format `version: 1`, by section; the empty name is the top.
public enum Version1Keys {
    /// The sections that a network may have too: its keys win over those of the top.
    public static let shared = [
        "object", "probe", "judge", "dns", "publish", "commands", "state", "history", "log",
        "metrics", "legacy", "alarms",
    ]
    public static let top = ["version", "server"] + shared + ["networks"]
    public static let network =
        [
            "edges", "live", "min_live", "budget", "capacity", "load", "zones", "canaries",
            "canary_killer",
        ] + shared
    public static let object = ["url", "local", "verify", "send_edge_name"]
    public static let probe = [
        "interval", "timeout", "attempts", "families", "concurrency", "user_agent", "references",
    ]
    public static let judge = [
        "rule", "good_enough", "keep", "window", "samples", "steady",
    ]
    public static let steady = [
        "attempts", "attempt_timeout", "attempt_pause", "round_time", "retry_slow",
        "retry_server_errors", "score_weight", "down_score", "slow_score_weight",
        "slow_down_score", "watch_score", "failed_rounds", "median_of", "median_at_least",
        "up_score", "return_share", "clean_rounds", "penalty_half_life", "penalty_limit",
        "recall_rounds", "fetch_time_weight", "fetch_time_limit", "memory_weight", "memory_cost",
    ]
    public static let dns = [
        "primary", "mailbox", "name_servers", "ttl", "soa", "rotate", "maximum_answer", "signed",
    ]
    public static let rotate = ["name", "ttl"]
    public static let soa = ["ttl", "refresh", "retry", "expire", "negative"]
    public static let publish = [
        "directory", "checker", "reload", "method", "servers", "wait", "generations",
        "zone_template", "catalog",
    ]
    public static let server = [
        "name", "kind", "address", "port", "control", "new_zones", "update", "serials",
        "rate",
    ]
    public static let update = ["key", "exclusive"]
    public static let commands = ["before", "after"]
    public static let state = ["database"]
    public static let metrics = ["file", "original"]
    public static let history = ["minutes", "hours", "days", "audit"]
    public static let legacy = [
        "health_store", "state_file", "live_list", "lock_file", "prometheus",
    ]
    public static let alarms = [
        "receivers", "remind", "quiet", "pace", "flapping", "per_hour", "edges", "certificate",
        "timeout", "kinds",
    ]
    public static let receiver = [
        "name", "kind", "url", "command", "template", "headers", "secret", "ca", "severities",
        "kinds", "networks", "retries", "timeout",
    ]
    public static let alarmKinds = AlarmKind.allCases.map(\.rawValue)
    public static let alarmKind = ["after", "severity", "remind"]
    public static let edges = ["file", "extra"]

    /// All sections with their keys.
    public static let all: [(section: String, keys: [String])] = [
        ("", top), ("object", object), ("probe", probe), ("judge", judge),
        ("judge.steady", steady), ("dns", dns),
        ("dns.soa", soa), ("dns.rotate[]", rotate), ("publish", publish),
        ("publish.servers[]", server),
        ("publish.servers[].update", update), ("commands", commands), ("state", state),
        ("history", history), ("metrics", metrics), ("legacy", legacy),
        ("server", ServerSettings.keys),
        ("alarms", alarms), ("alarms.receivers[]", receiver),
        ("alarms.kinds", alarmKinds), ("alarms.kinds.edge_out", alarmKind),
        ("networks.NAME", network), ("networks.NAME.edges", edges),
    ]
}
