// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "edgemanage-benchmarks",
    dependencies: [.package(name: "edgemanage", path: "..")],
    targets: [
        .executableTarget(
            name: "probe-bench",
            dependencies: [.product(name: "EdgeProbing", package: "edgemanage")],
            swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
    ]
)
