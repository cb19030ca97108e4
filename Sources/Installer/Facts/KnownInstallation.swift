import FoundationEssentials

/// An installation that this machine has records of.
public struct KnownInstallation: Equatable, Sendable {
    public var id: InstallationID
    /// The name of its builder in docker buildx.
    public var builder: String
    /// The earliest expiry of its certificates here; nil where none could be read.
    public var certificatesEnd: Date?
    /// Its certificate folder.
    public var folder: String

    public init(_ id: InstallationID, builder: String, certificatesEnd: Date?, folder: String = "") {
        (self.id, self.builder, self.certificatesEnd, self.folder) = (id, builder, certificatesEnd, folder)
    }
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
        /// The other installations of this machine.
        public var others: [KnownInstallation]

        public init(
            own: String, named: [String] = [], recordedBuilder: String? = nil,
            others: [KnownInstallation] = []
        ) {
            self.own = own
            self.named = named
            self.recordedBuilder = recordedBuilder
            self.others = others
        }

        var all: [String] { [own] + named }

        /// Whether another installation has one of the folders that the user named.
        var isShared: Bool { others.contains { named.contains("\($0.folder)/client") } }

        /// Another installation that recorded a builder with this name, and whose files the node reads.
        func claimant(of builder: String, with node: BuilderNode) -> KnownInstallation? {
            others.first { $0.builder == builder && node.reads(fromAnyOf: ["\($0.folder)/client"]) }
        }
    }
}
