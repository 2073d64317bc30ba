internal import Glibc

/// A Nagios on loopback, with a directory of its own, that runs one check each second and notifies nobody.
public struct RealNagios: Sendable {
    private let process: ServerProcess
    private let directory: String

    /// What Nagios made of a check's output, as its status file says.
    public struct Result: Hashable, Sendable {
        /// 0 to 3.
        public var state: Int
        public var output: String
        /// The lines after the first, joined by `\n` as two characters.
        public var longOutput: String
        public var performance: String
    }

    /// Starts one in an empty directory.
    ///
    /// - Parameters:
    ///   - command: the check's command line.
    ///   - files: more object files, which it must understand to start.
    public static func start(
        in directory: String, checking command: String, including files: [String] = []
    ) throws -> RealNagios {
        for folder in ["objects", "results", "archive"] { mkdir("\(directory)/\(folder)", 0o755) }
        try write("\(directory)/objects/check.cfg", objects(command))
        let more = files.map { "cfg_file=\($0)\n" }.joined()
        try write("\(directory)/nagios.cfg", settings(directory) + more)
        let process = try ServerProcess.start(
            ["nagios4", "\(directory)/nagios.cfg"], log: "\(directory)/output.log")
        return RealNagios(process: process, directory: directory)
    }

    /// The check's last result; nil while there is none.
    public func result() -> Result? {
        let text = Self.read("\(directory)/status.dat")
        let section = text.split(separator: "\n").drop { $0 != "servicestatus {" }.dropFirst()
        var fields: [Substring: String] = [:]
        for line in section.prefix(while: { !$0.hasSuffix("}") }) {
            let parts = line.drop { $0 == "\t" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[parts[0]] = String(parts[1]) }
        }
        guard fields["has_been_checked"] == "1",
            let state = fields["current_state"].flatMap({ Int($0) })
        else { return nil }
        return Result(
            state: state, output: fields["plugin_output"] ?? "",
            longOutput: fields["long_plugin_output"] ?? "",
            performance: fields["performance_data"] ?? "")
    }

    /// Ends it, and its workers, which may outlive it.
    public func stop() async {
        let workers = Self.read("/proc/\(process.id)/task/\(process.id)/children")
            .split(separator: " ").compactMap { pid_t($0) }
        await process.stop()
        for worker in workers
        where Self.read("/proc/\(worker)/cmdline").contains("\(directory)/nagios.qh") {
            kill(worker, SIGKILL)
        }
    }
}

extension RealNagios {
    private static func settings(_ directory: String) -> String {
        let paths = [
            "cfg_dir": "objects", "log_file": "nagios.log", "object_cache_file": "objects.cache",
            "precached_object_file": "objects.precache", "status_file": "status.dat",
            "state_retention_file": "retention.dat", "temp_file": "nagios.tmp", "temp_path": ".",
            "check_result_path": "results", "lock_file": "nagios.pid", "command_file": "nagios.cmd",
            "query_socket": "nagios.qh", "log_archive_path": "archive",
        ]
        let own = paths.map { "\($0.key)=\(directory)/\($0.value)" }.sorted()
        let rest = [
            "use_syslog=0", "nagios_user=root", "nagios_group=root", "interval_length=1",
            "status_update_interval=1", "check_workers=1", "execute_host_checks=0",
            "service_inter_check_delay_method=n", "host_inter_check_delay_method=n",
            "check_for_updates=0", "enable_notifications=0",
        ]
        return (own + rest).joined(separator: "\n") + "\n"
    }

    private static func objects(_ command: String) -> String {
        func object(_ kind: String, _ lines: [String]) -> String {
            "define \(kind) {\n" + lines.map { "    \($0)\n" }.joined() + "}\n"
        }
        let always = "24x7"
        let days = ["sun", "mon", "tues", "wednes", "thurs", "fri", "satur"].map {
            "\($0)day 00:00-24:00"
        }
        return object("command", ["command_name check", "command_line \(command)"])
            + object("command", ["command_name nothing", "command_line /bin/true"])
            + object("timeperiod", ["timeperiod_name \(always)", "alias always"] + days)
            + object(
                "contact",
                [
                    "contact_name nobody", "service_notification_period \(always)",
                    "host_notification_period \(always)", "service_notification_commands nothing",
                    "host_notification_commands nothing",
                ])
            + object(
                "host",
                [
                    "host_name monitor", "address 127.0.0.1", "max_check_attempts 1",
                    "active_checks_enabled 0", "check_period \(always)", "contacts nobody",
                    "notification_period \(always)",
                ])
            + object(
                "service",
                [
                    "host_name monitor", "service_description edgemanage", "check_command check",
                    "check_interval 1", "retry_interval 1", "max_check_attempts 1",
                    "check_period \(always)", "contacts nobody", "notification_period \(always)",
                ])
    }

    private static func write(_ path: String, _ text: String) throws {
        guard let file = fopen(path, "w") else {
            throw ServerProcess.Failure(description: "\(path) can't be written")
        }
        fputs(text, file)
        fclose(file)
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
