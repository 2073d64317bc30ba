// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "edgemanage",
    products: [
        .executable(name: "edgemanage", targets: ["edgemanage"]),
        .executable(name: "edgemanage-simulate", targets: ["edgemanage-simulate"]),
        // What Benchmarks/ measures on its own.
        .library(name: "EdgeProbing", targets: ["EdgeCore", "EdgeShell", "EdgeSystemProbe"]),
        // What the tests of crashes preload.
        .library(name: "callfaults", type: .dynamic, targets: ["CallFaults"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/onevcat/Rainbow", from: "4.2.2"),
        .package(url: "https://github.com/stencilproject/Stencil", from: "0.15.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Decides: values in, values out.
        .target(name: "EdgeCore", swiftSettings: settings),
        // Says when: the order of effects, over small protocols.
        .target(name: "EdgeShell", dependencies: ["EdgeCore"], swiftSettings: settings),

        // Does: each stage's effects, one target a folder, so that each links only what it needs.
        .systemLibrary(
            name: "Cldns", pkgConfig: "ldns", providers: [.apt(["libldns-dev", "pkg-config"])]),
        // syncfs(2) and others, which Swift's Glibc module does not show.
        .systemLibrary(name: "Clinux"),
        .target(
            name: "EdgeSystemFiles", dependencies: ["EdgeCore", "EdgeShell"],
            path: "Sources/EdgeSystem/Files", swiftSettings: settings),
        .target(
            name: "EdgeSystemConfiguration",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", .product(name: "Yams", package: "Yams"),
            ],
            path: "Sources/EdgeSystem/Configuration", swiftSettings: settings),
        .target(
            name: "EdgeSystemProbe",
            dependencies: [
                "EdgeCore", "EdgeShell",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            path: "Sources/EdgeSystem/Probe", swiftSettings: settings),
        .target(
            name: "EdgeSystemHistory",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Sources/EdgeSystem/History", swiftSettings: settings),
        .target(
            name: "EdgeSystemPublish",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", "Cldns", "Clinux",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            path: "Sources/EdgeSystem/Publish", swiftSettings: settings),
        // Tells name servers, updates them, and asks them what they serve.
        .target(
            name: "EdgeSystemNameServers",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", "Cldns",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Sources/EdgeSystem/NameServers", swiftSettings: settings),
        .target(
            name: "EdgeSystemTemplate",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles",
                .product(name: "Stencil", package: "Stencil"),
            ],
            path: "Sources/EdgeSystem/Template", swiftSettings: settings),
        // Tells of alarms: webhooks, Alertmanager, commands.
        .target(
            name: "EdgeSystemAlarm",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", "EdgeSystemReport",
                "EdgeSystemTemplate",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Sources/EdgeSystem/Alarm", swiftSettings: settings),
        .target(
            name: "EdgeSystemReport",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/EdgeSystem/Report", swiftSettings: settings),

        // What the daemon shows of itself: the API, the page, and what systemd hears.
        .target(
            name: "EdgeServer",
            dependencies: [
                "EdgeCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        .executableTarget(
            name: "edgemanage",
            dependencies: [
                "EdgeCore", "EdgeServer", "EdgeShell", "EdgeSimulation", "EdgeSystemAlarm",
                "EdgeSystemConfiguration",
                "EdgeSystemFiles", "EdgeSystemHistory", "EdgeSystemNameServers", "EdgeSystemProbe",
                "EdgeSystemPublish", "EdgeSystemReport", "EdgeSystemTemplate", "EdgeLoopback",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Rainbow", package: "Rainbow"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),

        // Real edges on loopback that behave as told: the demo's and the tests'.
        .target(
            name: "EdgeLoopback",
            dependencies: [
                "EdgeCore",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // BIND, Knot DNS, NSD and PowerDNS, started on loopback for tests and benchmarks.
        .target(
            name: "EdgeRealServers", dependencies: ["Clinux"], swiftSettings: settings),
        // The test kit: scripted prober, files in memory, manual clock, seeded random source, world.
        .target(
            name: "EdgeTesting", dependencies: ["EdgeCore", "EdgeShell"], swiftSettings: settings),
        // The simulation: a world in memory that core and shell run against, and what must always hold.
        .target(
            name: "EdgeSimulation", dependencies: ["EdgeCore", "EdgeShell", "EdgeTesting"],
            swiftSettings: settings),
        // `edgemanage simulate` without everything that touches the system: built in a minute.
        .executableTarget(
            name: "edgemanage-simulate", dependencies: ["EdgeCore", "EdgeSimulation"],
            swiftSettings: settings),

        .testTarget(
            name: "EdgeCoreTests", dependencies: ["EdgeCore", "EdgeTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "EdgeShellTests",
            dependencies: ["EdgeCore", "EdgeShell", "EdgeSimulation", "EdgeTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["EdgeCore", "EdgeShell", "EdgeSimulation", "EdgeTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemConfigurationTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemConfiguration", "EdgeSystemFiles",
                "EdgeTesting",
            ],
            path: "Tests/EdgeSystemTests/Configuration", exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemProbeTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeLoopback", "EdgeSystemProbe", "EdgeTesting",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/EdgeSystemTests/Probe", swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemHistoryTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", "EdgeSystemHistory", "EdgeTesting",
            ],
            path: "Tests/EdgeSystemTests/History", swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemPublishTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemFiles", "EdgeSystemPublish", "EdgeTesting",
            ],
            path: "Tests/EdgeSystemTests/Publish", exclude: ["stricter.txt", "knot-refuses.txt"],
            swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemNameServersTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeRealServers", "EdgeSystemFiles",
                "EdgeSystemNameServers", "EdgeSystemPublish", "EdgeTesting",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/EdgeSystemTests/NameServers", swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemTemplateTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeSystemPublish", "EdgeSystemTemplate", "EdgeTesting",
            ],
            path: "Tests/EdgeSystemTests/Template", swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemAlarmTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeLoopback", "EdgeRealServers", "EdgeSystemAlarm",
                "EdgeSystemPublish", "EdgeTesting",
            ],
            path: "Tests/EdgeSystemTests/Alarm", swiftSettings: settings),
        .testTarget(
            name: "EdgeSystemReportTests",
            dependencies: ["EdgeCore", "EdgeShell", "EdgeSystemReport", "EdgeTesting"],
            path: "Tests/EdgeSystemTests/Report", swiftSettings: settings),
        .testTarget(
            name: "EdgeServerTests",
            dependencies: [
                "EdgeCore", "EdgeServer", "EdgeTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "EdgeCore", "EdgeShell", "EdgeLoopback", "EdgeRealServers", "EdgeSystemFiles",
                "EdgeSystemHistory",
                "EdgeSystemNameServers", "EdgeSystemPublish", "EdgeTesting", "Clinux", "edgemanage",
            ],
            exclude: ["Golden"], swiftSettings: settings),
        // The saved corpus of script/fuzz, read by every target again.
        .testTarget(
            name: "FuzzCorpusTests",
            dependencies: [
                "Cldns", "EdgeCore", "EdgeShell", "EdgeSystemConfiguration",
                "EdgeSystemNameServers", "EdgeSystemPublish", "EdgeSystemTemplate",
            ],
            path: "Fuzz/Properties", swiftSettings: settings),
        // Numbers a process's changing system calls and disturbs one: see calls.c.
        .target(
            name: "CallFaults", path: "Tests/CallFaults", linkerSettings: [.linkedLibrary("dl")]),
        .testTarget(
            name: "HouseStyleTests", dependencies: ["EdgeTesting"], swiftSettings: settings),
    ]
)
