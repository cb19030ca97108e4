import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file of a tool that the system did not start.
struct ToolFile {
    /// The length of a script's first line that the kernel reads, in bytes.
    private static let firstLine = 256

    let path: String

    /// The file that would be run, otherwise the first of that name; nil: there is none.
    /// - Parameter folders: the value of `PATH`.
    init?(_ tool: Tool, on folders: String) {
        let files = folders.split(separator: ":").filter { $0.hasPrefix("/") }
            .map { "\($0)/\(tool.rawValue)" }.filter { FileKind($0) != .folder }
        let found =
            files.first { access($0, X_OK) == 0 }
            ?? files.first { access($0, F_OK) == 0 || Self.target(of: $0) != nil }
        guard let found else { return nil }
        path = found
    }

    /// What is wrong with it, as far as the file shows.
    var defect: String {
        if access(path, F_OK) != 0, let target = Self.target(of: path) {
            return "it is a link to \(target), which does not exist"
        }
        guard access(path, X_OK) == 0 else { return "it is not executable" }
        guard let interpreter, access(interpreter, X_OK) != 0 else {
            return
                "the system cannot run it: it may be built for another system, or be on a file system that is "
                + "mounted with noexec"
        }
        return access(interpreter, F_OK) == 0
            ? "its interpreter \(interpreter) is not executable"
            : "its interpreter \(interpreter) does not exist"
    }

    /// The program that runs the script; nil where it is no script.
    private var interpreter: String? {
        guard FileKind(path) == .file, let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.firstLine)
        let count = fread(&bytes, 1, Self.firstLine, file)
        let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: "#!".utf8) else { return nil }
        return String(decoding: line.dropFirst(2), as: UTF8.self).split { $0 == " " || $0 == "\t" }.first
            .map(String.init)
    }

    /// What a link names, whether or not that exists; nil where it is no link.
    private static func target(of path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}

extension InstallerError {
    /// Why a tool was not started: it is not there, or the system cannot run it.
    /// - Parameter folders: the value of `PATH`.
    init(unstarted tool: Tool, on folders: String) {
        let name = tool.rawValue
        guard let file = ToolFile(tool, on: folders) else {
            self.init(
                "\(name) not found", detail: "It is not on the PATH.", hint: tool.remedy, code: .toolMissing,
                subject: tool.subject)
            return
        }
        self.init(
            "\(name) cannot be started", detail: "\(file.path): \(file.defect)", hint: tool.remedy,
            code: .toolUnusable, subject: tool.subject)
    }
}

extension Tool {
    /// How to install it.
    var remedy: String {
        switch self {
        case .kubectl: "Install kubectl: https://kubernetes.io/docs/tasks/tools/"
        case .helm: "Install Helm 3.14 or later: https://helm.sh/docs/intro/install/"
        case .docker:
            "Install the Docker CLI and its buildx plugin: https://docs.docker.com/engine/install/"
        case .kind: "Install kind: https://kind.sigs.k8s.io/docs/user/quick-start/"
        case .k3d: "Install k3d: https://k3d.io/stable/#installation"
        case .minikube: "Install minikube: https://minikube.sigs.k8s.io/docs/start/"
        }
    }
}
