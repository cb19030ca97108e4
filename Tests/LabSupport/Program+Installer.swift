import FoundationEssentials

extension Program {
    /// The program under test; SwiftPM places it next to the tests.
    public static var builtInstaller: String {
        get throws {
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            // Swift Testing runs inside the toolchain's helper, which receives the path of the tests as an argument.
            let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own
            let folder = bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
                separator: "/")
            let path = "\(folder)/buildkit-installer"
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw LabFailure("\(path) is not there: build the product first, as `make test` does.")
            }
            return path
        }
    }
}
