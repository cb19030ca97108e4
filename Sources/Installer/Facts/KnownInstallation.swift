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
    /// Whether its settings could not be read, so that its certificate folder is unknown.
    public var isUnreadable = false

    public init(_ id: InstallationID, builder: String, certificatesEnd: Date?, folder: String = "") {
        (self.id, self.builder, self.certificatesEnd, self.folder) = (id, builder, certificatesEnd, folder)
    }
}

extension KnownInstallation {
    /// Whether it uses the certificate folder, or may use it.
    func mayUse(_ folder: CertificateFolder) -> Bool {
        isUnreadable || self.folder.canonicalPath == folder.path.canonicalPath
    }

    /// Why files in a folder that it may use are kept.
    /// - Parameter files: the files, as a pronoun: "them".
    func reasonToKeep(_ files: String) -> String {
        isUnreadable
            ? "the \(id) may use \(files), too: its settings cannot be read" : "the \(id) uses \(files), too"
    }

    /// Its use of a folder or a CA, as a sentence without its full stop.
    func use(of what: String) -> String {
        isUnreadable ? "The \(id), whose settings cannot be read, may use \(what)" : "The \(id) uses \(what)"
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
            own: String, named: [String] = [], recordedBuilder: String? = nil, settings: String? = nil,
            others: [KnownInstallation] = [], sharers: [KnownInstallation] = [],
            secretsFolders: [SecretsFolder] = []
        ) {
            self.own = own
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
