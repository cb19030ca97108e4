import FoundationEssentials

/// The data that a support request needs, without secrets.
public struct SupportBundle: Sendable {
    /// A file of the archive.
    struct Part: Sendable {
        var name: String
        /// Redacted, and without control characters that could harm a terminal.
        let text: String

        init(_ name: String, _ text: String) {
            self.name = name
            self.text = Redactor.of(text).visible
        }
    }

    var parts: [Part]
    /// When the data was collected.
    var takenAt: Date

    /// The folder that the archive unpacks to.
    private static let folder = "buildkit-doctor"

    /// Writes a tar archive that only the user can read, compressed where its name says so.
    public func write(to path: String) throws(InstallerError) -> BundleReport {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw InstallerError(
                "\(path) already exists", hint: "Choose another file.", code: .outputUnwritable)
        }
        let files = parts.map { ($0.name, Data($0.text.utf8)) }
        let archive = TarArchive(
            folder: Self.folder, files: Dictionary(uniqueKeysWithValues: files), at: takenAt)
        try PrivateFile.write(archive.bytes(for: path), to: path)
        return BundleReport(
            file: path, entries: parts.map { .init(name: $0.name, bytes: $0.text.utf8.count) })
    }
}

/// The contents of a ``SupportBundle`` that was written.
public struct BundleReport: Report, Equatable {
    public static let kind = "support-bundle"

    public struct Entry: Codable, Equatable, Sendable {
        public var name: String
        public var bytes: Int
    }

    public var file: String
    public var entries: [Entry]

    public var lines: [String] {
        ["Contents of \(file), with anything that may be secret removed:"]
            + entries.map { ReportLine($0.name, "\($0.bytes) bytes") }.texts
            + ["Review it before you share it: tar -xf \(file.shellQuoted)"]
    }
}

/// Collects the data that a support request needs.
///
/// Secrets are never read; other data that might contain one passes through ``Redactor``.
public struct SupportBundleCollector: Sendable {
    private let dependencies: Dependencies
    private let doctor: DoctorCollector

    /// - Parameters:
    ///   - answers: selects the installation; answers that were not given are those of the install.
    ///   - given: the questions that were answered in this run.
    public init(dependencies: Dependencies, answers: Answers, given: Set<Field.ID>) {
        self.dependencies = dependencies
        doctor = DoctorCollector(dependencies: dependencies, answers: answers, given: given, builds: false)
    }

    public func bundle() async -> SupportBundle {
        let symptoms = await doctor.symptoms()
        let installation = symptoms.installation
        async let answers = said(by: commands(installation))
        async let versions = said(by: Self.versions)
        let reports = [
            text("examination.txt", DoctorReport(symptoms)), text("status.txt", symptoms.status),
        ]
        let own = SupportBundle.Part(
            "versions.txt",
            (["chart \(Chart.version)"] + (await versions).map(\.text)).joined(separator: "\n"))
        return SupportBundle(
            parts: reports + [own] + (await answers) + files(of: installation), takenAt: dependencies.now())
    }

    private func text(_ name: String, _ report: some Report) -> SupportBundle.Part {
        SupportBundle.Part(name, report.lines.joined(separator: "\n") + "\n")
    }

    // MARK: Output of tools

    private static let versions: [(String, Command)] = [
        ("kubectl", Command(.kubectl, ["version", "--client"], timeout: 15)),
        ("helm", Command(.helm, ["version"], timeout: 15)),
        ("docker", Command(.docker, ["--version"], timeout: 15)),
        ("buildx", Command(.docker, ["buildx", "version"], timeout: 15)),
    ]

    private func commands(_ installation: InstallationID) -> [(String, Command)] {
        let own = ["--selector", KubernetesLabels.objects(of: installation)]
        // None of these kinds holds a secret, and `describe` does not print the Secrets that they reference.
        let kinds = "pods,deployments.apps,services,persistentvolumeclaims,networkpolicies.networking.k8s.io"
        return [
            ("server.txt", installation.cluster.look("version")),
            ("nodes.txt", installation.cluster.look("get", "nodes", "--output", "wide")),
            (
                "events.txt",
                installation.kubectl.look("get", "events", "--sort-by", ".metadata.creationTimestamp")
            ),
            ("describe.txt", installation.kubectl.look(["describe", kinds] + own)),
            (
                "logs.txt",
                installation.kubectl.look(["logs", "--all-containers", "--prefix", "--tail", "1000"] + own)
            ),
            ("history.txt", installation.helm.history()),
        ]
    }

    /// The output of commands, including the errors of those that fail.
    private func said(by commands: [(String, Command)]) async -> [SupportBundle.Part] {
        await withTaskGroup(of: (Int, SupportBundle.Part).self) { group in
            for (index, (name, command)) in commands.enumerated() {
                group.addTask {
                    (index, SupportBundle.Part(name, "$ \(command)\n\(await words(of: command))"))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func words(of command: Command) async -> String {
        do {
            let result = try await dependencies.runner.run(command)
            return result.output + result.errors
        } catch { return "\(InstallerError(error))\n" }
    }

    // MARK: Files of the last run

    private func files(of installation: InstallationID) -> [SupportBundle.Part] {
        let journal = dependencies.places.journal(of: installation)
        let kept = [
            ("answers.json", dependencies.places.answers(of: installation)), ("journal.jsonl", journal),
        ]
        // Files that were never written are omitted.
        var parts = kept.compactMap { name, path in
            (try? Data(ofFile: path)).map {
                SupportBundle.Part(name, String(decoding: $0, as: UTF8.self))
            }
        }
        if let run = Journal.run(at: journal) {
            parts.append(SupportBundle.Part("plan.sh", "\(ShellScript(run.plan))"))
        }
        return parts
    }
}
