/// Every key of the original's format, by section; the empty name is the top.
public enum OriginalKeys {
    /// Those of the top, sections included.
    public static let top = [
        "testobject", "dns", "run_frequency", "healthdata_store", "edgelist_dir",
        "extra_edgelist_dir", "dnschange_maxfreq", "workers", "retry", "goodenough",
        "canary_killer", "statefile", "logpath", "lockfile", "zonetemplate_dir", "edge_count",
        "dnet_edge_count", "named_dir", "live_list", "canary_files", "commands",
        "prometheus_logs", "testing", "timeout",
    ]
    /// Keys that the original does not know and that are honoured in its format all the same.
    public static let added = [
        "user_agent", "families", "database", "min_live", "references", "keep", "checker",
        "zone_template", "server",
    ]
    public static let object = ["host", "port", "proto", "uri", "local", "verify"]
    public static let dns = ["ns_records", "soa_nameserver", "soa_mailbox", "rotate_zones"]
    public static let commands = ["run_before", "run_after", "run_after_changes"]

    /// All sections with their keys.
    public static let all: [(section: String, keys: [String])] = [
        ("", top + added), ("testobject", object), ("dns", dns), ("commands", commands),
        ("server", ServerSettings.keys),
    ]
}
