import FoundationEssentials
import MutualTLS

/// An installation that this machine has records of.
public struct KnownInstallation: Equatable, Sendable {
    public var id: InstallationID
    /// The name of its builder in docker buildx.
    public var builder: String
    /// The earliest expiry of its certificates here; nil where none could be read.
    public var certificatesEnd: Date?
    /// Its certificate folder.
    public var folder: String
    /// The file with the settings of its last install; nil: this machine has none.
    public var settings: String?
    /// Whether this machine has its settings or its journal. An uninstall deletes them, also where it keeps the
    /// certificates because another installation uses them.
    public var hasRecords = true
    /// Why its certificate folder is unknown; nil: it is known.
    public var doubt: Doubt?

    /// Why a certificate folder is unknown, with the path of what does not name it.
    public enum Doubt: Equatable, Sendable {
        /// The settings cannot be read.
        case settings(String)
        /// There are no settings, and the journal of the last run names no folder, or cannot be read.
        case journal(String)
        /// The folder cannot be read. It may have records of any number of installations, or of none.
        case folder(String)
    }

    public init(_ id: InstallationID, builder: String, certificatesEnd: Date?, folder: String = "") {
        (self.id, self.builder, self.certificatesEnd, self.folder) = (id, builder, certificatesEnd, folder)
    }

    /// Any installation with records in a folder that cannot be read.
    /// - Parameter names: its context, namespace and release, as far as the folder's path has them. In commands, words that are no
    ///   valid names stand for the others.
    init(unreadable path: String, context: String?, names: some Collection<String>) {
        let names = Array(names) + ["NAMESPACE", "RELEASE"].dropFirst(names.count)
        self.init(
            InstallationID(context: context ?? "CONTEXT", namespace: names[0], release: names[1]),
            builder: "BUILDER", certificatesEnd: nil)
        doubt = .folder(path)
    }
}

extension KnownInstallation {
    /// Whether it uses the certificate folder, or may use it.
    func mayUse(_ folder: CertificateFolder) -> Bool {
        doubt != nil || self.folder.canonicalPath == folder.path.canonicalPath
    }

    /// Why files in a folder that it may use are kept.
    /// - Parameter files: the files, as a pronoun: "them".
    func reasonToKeep(_ files: String) -> String {
        switch doubt {
        case nil: "the \(id) uses \(files), too"
        case .settings(let path): "the \(id) may use \(files), too: its settings cannot be read (\(path))"
        case .journal(let path): "the \(id) may use \(files), too: \(withoutSettings(path))"
        case .folder(let path): "an installation may use \(files), too: its records cannot be read (\(path))"
        }
    }

    /// Its use of a folder or a CA, as a sentence without its full stop.
    func use(of what: String) -> String {
        switch doubt {
        case nil: "The \(id) uses \(what)"
        case .settings(let path): "The \(id), whose settings cannot be read (\(path)), may use \(what)"
        case .journal(let path): "The \(id) may use \(what): \(withoutSettings(path))"
        case .folder(let path):
            "An installation whose records cannot be read (\(path)) may use \(what)"
        }
    }

    private func withoutSettings(_ journal: String) -> String {
        "it has no settings on this machine, and its journal (\(journal)) names no certificate directory. "
            + "If it no longer exists: \(installer("uninstall")) --remove records"
    }

    /// A command line of this program for it. All flags are written out: those that are missing in a hint are taken
    /// for those of the installation that the hint is about. An install resets the settings that it is not given; the
    /// other commands read them.
    func installer(_ verb: String) -> String {
        let flags = [
            "--context \(id.context.shellQuoted)", "--namespace \(id.namespace.shellQuoted)",
            "--release \(id.release.shellQuoted)", "--builder \(builder.shellQuoted)",
        ]
        let answers = verb == "install" ? settings.map { ["--answers \($0.shellQuoted)"] } ?? [] : []
        return (["buildkit-installer \(verb)"] + flags + answers).joined(separator: " ")
    }
}

extension [KnownInstallation] {
    /// One command line of this program for each of them, after the other.
    func installers(_ verb: String) -> String { map { $0.installer(verb) }.joined(separator: " && ") }
}

extension Facts {
    /// The folders from which the installation's builder may read its client files, and what the records of this
    /// machine say about builders.
    public struct ClientFolders: Equatable, Sendable {
        /// The folder that belongs to this installation alone, unless another one was told to use it.
        public var own: String
        /// The folder in which the internal certificates are issued.
        public var inner: String
        /// The folders that the user named, in the answers or at the last install. Other installations may have the
        /// same.
        public var named: [String]
        /// The name of the builder at the last install; nil: there is no record of one.
        public var recordedBuilder: String?
        /// The file with the settings of the last install; nil: this machine has none.
        public var settings: String?
        /// The other installations of this machine.
        public var others: [KnownInstallation]
        /// Those that use the certificate folder of the answers, or may use it, with Secrets of their own.
        public var sharers: [KnownInstallation]
        /// The other certificate folders of this machine from which the Secrets of the namespace may have been created.
        public var secretsFolders: [SecretsFolder]

        public init(
            own: String, inner: String? = nil, named: [String] = [], recordedBuilder: String? = nil,
            settings: String? = nil,
            others: [KnownInstallation] = [], sharers: [KnownInstallation] = [],
            secretsFolders: [SecretsFolder] = []
        ) {
            self.own = own
            self.inner = inner ?? own.parentFolder
            self.named = named
            self.recordedBuilder = recordedBuilder
            self.settings = settings
            self.others = others
            self.sharers = sharers
            self.secretsFolders = secretsFolders
        }

        var all: [String] { [own] + named }

        /// Whether another installation has one of the folders that the user named.
        var isShared: Bool { others.contains { named.contains("\($0.folder)/client") } }

        /// Another installation that recorded a builder with this name, and whose files the node reads.
        func claimant(of builder: String, with node: BuilderNode) -> KnownInstallation? {
            others.first { $0.builder == builder && node.reads(fromAnyOf: ["\($0.folder)/client"]) }
        }
    }

    /// The file with the settings of the last install, which its commands in hints name; nil: none is known.
    public var settings: String? { clientFolders.value?.settings }
}
