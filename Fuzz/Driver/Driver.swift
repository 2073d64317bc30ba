import Glibc

// libFuzzer's main calls these. Which target it is for stands behind --target=, an argument that libFuzzer
// itself passes over.

/// The target that was asked for; ends the process when there is none of this name.
private let target: FuzzTarget = {
    let prefix = "--target="
    let name = CommandLine.arguments.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count)
    guard let found = name.flatMap({ FuzzTarget.named(String($0)) }) else {
        let names = FuzzTarget.all.map(\.name).joined(separator: " ")
        print("--target= must be one of: \(names)")
        exit(2)
    }
    return found
}()

/// Called once; `--list` prints every target and the longest input that it takes.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
    _ count: UnsafeMutablePointer<CInt>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> CInt {
    guard CommandLine.arguments.contains("--list") else {
        _ = target.name
        return 0
    }
    for target in FuzzTarget.all { print(target.name, target.maximumBytes) }
    exit(0)
}

/// Called with every input; a property that does not hold ends the process, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    if let violation = target.violation(bytes) {
        print("VIOLATION of \(target.name): \(violation)")
        fflush(nil)
        abort()
    }
    return 0
}
