import FoundationEssentials

/// A root folder for a container without an image: BusyBox, and programs of this machine.
public struct ContainerRoot: Sendable {
    public let path: String

    /// - Parameters:
    ///   - path: a folder to create.
    ///   - applets: the BusyBox applets in `/bin`.
    public init(at path: String, applets: [String]) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: "\(path)/bin", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: LabPart.busybox.path, toPath: "\(path)/bin/busybox")
        for applet in applets {
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/bin/\(applet)", withDestinationPath: "busybox")
        }
    }

    /// Adds a program of this machine to `/bin`, with its shared libraries.
    /// - Parameter program: its path.
    public func add(_ program: String) async throws {
        let name = program.split(separator: "/").last ?? ""
        try FileManager.default.copyItem(
            at: URL(filePath: program).resolvingSymlinksInPath(), to: URL(filePath: "\(path)/bin/\(name)"))
        for library in try await Self.libraries(of: program) {
            let target = URL(filePath: path + library)
            guard !FileManager.default.fileExists(atPath: target.path) else { continue }
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: URL(filePath: library).resolvingSymlinksInPath(), to: target)
        }
    }

    /// The files that the dynamic linker would load: `name => /path (address)`, or the path alone.
    private static func libraries(of program: String) async throws -> [String] {
        try await Program("ldd").require(program).split(separator: "\n").compactMap { line in
            line.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("/") }.map(String.init)
        }
    }
}
