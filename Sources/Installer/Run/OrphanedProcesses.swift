import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Tools that outlived the run that started them: they would conflict with the next run.
///
/// Each tool of a run has an environment variable that names its installation, by which it is found in Linux's
/// `/proc`. Every tool, including those of a query, has a variable that names the process that started it and its
/// home: where that process has ended, the tool is orphaned. A list of process numbers would miss a tool that was
/// started just before its run was killed, and could name a process that reused a number. On systems other than Linux
/// nothing is found.
///
/// A process that a tool started to stay, such as an agent that keeps a login, inherits these variables and is not
/// ended.
struct OrphanedProcesses {
    /// The variable that names the run of a tool.
    static let variable = "RUN_BY_BUILDKIT_INSTALLER"
    /// The variable that names the process that started a tool.
    static let starter = "STARTED_BY_BUILDKIT_INSTALLER"
    /// The interval between two checks.
    private static let interval = Duration.milliseconds(50)
    /// How many checks a tool has to terminate after SIGTERM: five seconds, as with ``ProcessRunner``.
    private static let patience = 100
    /// The names of tools that are ended when their starter has ended.
    private static let names = Tool.allCases.map(\.rawValue) + ["docker-buildx"]

    private let mark: [UInt8]?
    private let home: String
    private let dependencies: Dependencies

    /// - Parameter run: the value of the variable; nil: only processes whose starter has ended.
    init(of run: String? = nil, in dependencies: Dependencies) {
        mark = run.map { Array("\(Self.variable)=\($0)".utf8) }
        home = dependencies.home
        self.dependencies = dependencies
    }

    /// Ends them, and waits until they have terminated. Those of a run may only be ended by the holder of the
    /// installation's journal: they then belong to no active run.
    /// - Returns: a sentence about each.
    func end() async -> [String] {
        let found = processes
        for process in found { kill(process.number, SIGTERM) }
        for look in 0..<(2 * Self.patience) {
            let left = processes
            guard !left.isEmpty else { break }
            if look >= Self.patience { for process in left { kill(process.number, SIGKILL) } }
            // A cancelled pause only makes the next check happen sooner.
            try? await dependencies.pause(Self.interval)
        }
        return found.map { "Stopped the leftover process \($0.name) of a killed run." }
    }

    private struct Process {
        var number: pid_t
        var name: String
    }

    private var processes: [Process] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { $0 != getpid() }.sorted().compactMap { number in
            // A process that has ended meanwhile, or belongs to another user, has no readable variables.
            let variables = bytes(of: "environ", number).split(separator: 0)
            guard !variables.isEmpty else { return nil }
            let process = Process(number: number, name: text(of: "comm", number).trimmed)
            let isMarked = mark.map { mark in variables.contains { $0.elementsEqual(mark) } } ?? false
            return isMarked && hasPipe(number) || isAbandoned(process, variables) ? process : nil
        }
    }

    /// Whether a process of a run prints into a pipe, as its tools and all that work for them do. One that was started
    /// to stay has closed the tool's pipes: until then the tool's output does not end, and no run goes on.
    private func hasPipe(_ process: pid_t) -> Bool {
        [1, 2].contains { descriptor in
            // A descriptor that is closed has no link.
            let target = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(process)/fd/\(descriptor)")
            return target?.hasPrefix("pipe:") == true
        }
    }

    private func isAbandoned(_ process: Process, _ variables: [Data]) -> Bool {
        guard Self.names.contains(process.name) else { return false }
        let prefix = "\(Self.starter)=".utf8
        guard let mark = variables.first(where: { $0.starts(with: prefix) }) else { return false }
        let words = String(decoding: mark.dropFirst(prefix.count), as: UTF8.self)
            .split(separator: " ", maxSplits: ProcessIdentity.parts)
        guard words.count > ProcessIdentity.parts, words.last.map(String.init) == home else { return false }
        return ProcessIdentity(words.dropLast().joined(separator: " "))?.isGone ?? false
    }

    private func text(of file: String, _ process: pid_t) -> String {
        String(decoding: bytes(of: file, process), as: UTF8.self)
    }

    private func bytes(of file: String, _ process: pid_t) -> Data {
        (try? Data(ofFile: "/proc/\(process)/\(file)")) ?? Data()
    }
}

/// The identity of a process, distinct from any process that reuses its number.
struct ProcessIdentity: Equatable, CustomStringConvertible {
    /// The number of words of its text form.
    static let parts = 3

    /// The namespace of its number: a container has numbers of its own.
    private let namespace: String
    private let number: pid_t
    /// The start time, in the system's own units.
    private let start: String

    /// Nil where the system does not provide it.
    init?(of number: pid_t) {
        guard let namespace = Self.namespaceHere,
            let status = try? Data(ofFile: "/proc/\(number)/stat")
        else { return nil }
        // The name of the program is second, in parentheses, and may contain any character.
        let fields =
            String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19 else { return nil }
        (self.namespace, self.number, start) = (namespace, number, String(fields[19]))
    }

    /// Parses the text form that is written into a variable.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == Self.parts, let number = pid_t(parts[1]) else { return nil }
        (namespace, self.number, start) = (String(parts[0]), number, String(parts[2]))
    }

    var description: String { "\(namespace) \(number) \(start)" }

    /// Whether it has ended; false where that cannot be determined from here.
    var isGone: Bool { namespace == Self.namespaceHere && ProcessIdentity(of: number) != self }

    private static var namespaceHere: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    }
}

extension Journal {
    /// Ends the tools that a run of this installation left running when it was killed.
    /// - Returns: a sentence about each.
    public func endLeftovers(in dependencies: Dependencies) async -> [String] {
        await OrphanedProcesses(of: path, in: dependencies).end()
    }
}

extension Dependencies {
    /// Ends the tools whose starters have ended: they may hold what the next ones need. To be called before any
    /// query.
    /// - Returns: a sentence about each.
    public func endAbandonedTools() async -> [String] { await OrphanedProcesses(in: self).end() }

    /// The dependencies of a run on one installation: its tools are marked so that a later run can find them.
    func marked(as installation: InstallationID) -> Dependencies {
        var dependencies = self
        dependencies.runner = runner.marked([OrphanedProcesses.variable: places.journal(of: installation)])
        return dependencies
    }

    /// The dependencies whose tools are marked with this process: after it has ended, a later run can find them.
    public func markedByStarter() -> Dependencies {
        // Where the system does not provide the identity of this process, no later run could check it.
        guard let identity = ProcessIdentity(of: getpid()) else { return self }
        var dependencies = self
        dependencies.runner = runner.marked([OrphanedProcesses.starter: "\(identity) \(home)"])
        return dependencies
    }
}
