import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Tools that a run started and did not live to see the end of: they would work against the next one.
///
/// Each tool of a run bears a variable that names its installation, and by that it is found in Linux's `/proc`. Each
/// tool at all, be it of a look, bears one that names the process that started it, and its home: where that process is
/// gone, the tool is abandoned. A list of process numbers would miss a tool that was started just before its run
/// was killed, and could name a process that got a number since. Elsewhere than on Linux nothing is found.
struct OrphanedProcesses {
    /// What a tool's environment says of the run that it belongs to.
    static let variable = "RUN_BY_BUILDKIT_INSTALLER"
    /// What a tool's environment says of the process that started it.
    static let starter = "STARTED_BY_BUILDKIT_INSTALLER"
    /// How long to wait between two looks.
    private static let interval = Duration.milliseconds(50)
    /// How many looks a tool has to end by itself once it is told to: five seconds, as with ``ProcessRunner``.
    private static let patience = 100
    /// What a tool is called that is ended when its starter is gone. What it has started on purpose to stay, such as an
    /// agent that keeps a login, has another name.
    private static let names = Tool.allCases.map(\.rawValue) + ["docker-buildx"]

    private let mark: [UInt8]?
    private let home: String
    private let dependencies: Dependencies

    /// - Parameter run: the value of the variable; nil: only what no process waits for.
    init(of run: String? = nil, in dependencies: Dependencies) {
        mark = run.map { Array("\(Self.variable)=\($0)".utf8) }
        home = dependencies.home
        self.dependencies = dependencies
    }

    /// Ends them, and waits until they are gone. Those of a run only for who holds the installation's journal: what is
    /// found belongs to nobody then.
    /// - Returns: a sentence about each.
    func end() async -> [String] {
        let found = processes
        for process in found { kill(process.number, SIGTERM) }
        for look in 0..<(2 * Self.patience) {
            let left = processes
            guard !left.isEmpty else { break }
            if look >= Self.patience { for process in left { kill(process.number, SIGKILL) } }
            // A pause that is cut short only makes the next look come sooner.
            try? await dependencies.pause(Self.interval)
        }
        return found.map { "\($0.name) was still at work for a run that was killed, and has been stopped." }
    }

    private struct Process {
        var number: pid_t
        var name: String
    }

    private var processes: [Process] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { $0 != getpid() }.sorted().compactMap { number in
            // Whoever ended meanwhile, or belongs to somebody else, bears no mark.
            let variables = bytes(of: "environ", number).split(separator: 0)
            guard !variables.isEmpty else { return nil }
            let process = Process(number: number, name: text(of: "comm", number).trimmed)
            let isOfTheRun = mark.map { mark in variables.contains { $0.elementsEqual(mark) } } ?? false
            return isOfTheRun || isAbandoned(process, variables) ? process : nil
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
        FileManager.default.contents(atPath: "/proc/\(process)/\(file)") ?? Data()
    }
}

/// A process, told apart from any that gets its number later.
struct ProcessIdentity: Equatable, CustomStringConvertible {
    /// How many words it is written as.
    static let parts = 3

    /// The namespace that its number is of: a container counts anew.
    private let namespace: String
    private let number: pid_t
    /// When it was started, in the system's own units.
    private let start: String

    /// Nil where the system does not tell.
    init?(of number: pid_t) {
        guard let namespace = Self.namespaceHere,
            let status = FileManager.default.contents(atPath: "/proc/\(number)/stat")
        else { return nil }
        // The name of the program comes second, in brackets, and may hold anything.
        let fields =
            String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19 else { return nil }
        (self.namespace, self.number, start) = (namespace, number, String(fields[19]))
    }

    /// As it is written into a variable.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == Self.parts, let number = pid_t(parts[1]) else { return nil }
        (namespace, self.number, start) = (String(parts[0]), number, String(parts[2]))
    }

    var description: String { "\(namespace) \(number) \(start)" }

    /// Whether it has ended; false where that cannot be told from here.
    var isGone: Bool { namespace == Self.namespaceHere && ProcessIdentity(of: number) != self }

    private static var namespaceHere: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    }
}

extension Journal {
    /// Ends the tools that a run of this installation left at work when it was killed.
    /// - Returns: a sentence about each.
    public func endLeftovers(in dependencies: Dependencies) async -> [String] {
        await OrphanedProcesses(of: path, in: dependencies).end()
    }
}

extension Dependencies {
    /// Ends the tools whose starters are gone: they may hold what the next one needs. To be done before anything is
    /// looked at.
    /// - Returns: a sentence about each.
    public func endAbandonedTools() async -> [String] { await OrphanedProcesses(in: self).end() }

    /// The world as the tools of a run on one installation see it: a later run can find them.
    func marked(as installation: InstallationID) -> Dependencies {
        var dependencies = self
        dependencies.runner = runner.marked([OrphanedProcesses.variable: places.journal(of: installation)])
        return dependencies
    }

    /// The world as the tools see it that this process starts: once it is gone, a later run can find them.
    public func markedByStarter() -> Dependencies {
        // Where the system does not tell who this is, nobody could look for it either.
        guard let identity = ProcessIdentity(of: getpid()) else { return self }
        var dependencies = self
        dependencies.runner = runner.marked([OrphanedProcesses.starter: "\(identity) \(home)"])
        return dependencies
    }
}
