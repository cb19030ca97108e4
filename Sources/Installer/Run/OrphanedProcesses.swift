import FoundationEssentials

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Tools that a run started and did not live to see the end of: they would work against the next one.
///
/// Each tool of a run bears a variable that names its installation, and by that it is found in Linux's `/proc`.
/// A list of process numbers would miss a tool that was started just before its run was killed, and could name a
/// process that got a number since. Elsewhere than on Linux nothing is found.
struct OrphanedProcesses {
    /// What a tool's environment says of the run that it belongs to.
    static let variable = "RUN_BY_BUILDKIT_INSTALLER"
    /// How long to wait between two looks.
    private static let interval = Duration.milliseconds(50)
    /// How many looks a tool has to end by itself once it is told to: five seconds, as with ``ProcessRunner``.
    private static let patience = 100

    private let mark: [UInt8]
    private let dependencies: Dependencies

    /// - Parameter run: the value of the variable.
    init(of run: String, in dependencies: Dependencies) {
        mark = Array("\(Self.variable)=\(run)".utf8)
        self.dependencies = dependencies
    }

    /// Ends them, and waits until they are gone. Only for who holds the installation's journal: what is found
    /// belongs to nobody then.
    /// - Returns: the name of each.
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
        return found.map(\.name)
    }

    private struct Process {
        var number: pid_t
        var name: String
    }

    private var processes: [Process] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.filter { $0 != getpid() && bearsMark($0) }.sorted().map {
            Process(number: $0, name: text(of: "comm", $0).trimmed)
        }
    }

    /// Whoever ended meanwhile, or belongs to somebody else, bears no mark.
    private func bearsMark(_ process: pid_t) -> Bool {
        bytes(of: "environ", process).split(separator: 0).contains { $0.elementsEqual(mark) }
    }

    private func text(of file: String, _ process: pid_t) -> String {
        String(decoding: bytes(of: file, process), as: UTF8.self)
    }

    private func bytes(of file: String, _ process: pid_t) -> Data {
        FileManager.default.contents(atPath: "/proc/\(process)/\(file)") ?? Data()
    }
}

extension Journal {
    /// Ends the tools that a run of this installation left at work when it was killed.
    /// - Returns: a sentence about each.
    public func endLeftovers(in dependencies: Dependencies) async -> [String] {
        await OrphanedProcesses(of: path, in: dependencies).end().map {
            "\($0) was still at work for a run that was killed, and has been stopped."
        }
    }
}

extension Dependencies {
    /// The world as the tools of a run on one installation see it: a later run can find them.
    func marked(as installation: InstallationID) -> Dependencies {
        var dependencies = self
        dependencies.runner = runner.marked([OrphanedProcesses.variable: places.journal(of: installation)])
        return dependencies
    }
}
