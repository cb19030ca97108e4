#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The identity of an installation: a release in a namespace of a cluster.
public struct InstallationID: Codable, Hashable, Sendable {
    /// The kubeconfig context; empty: the current one.
    public var context: String
    public var namespace: String
    public var release: String

    public init(context: String, namespace: String, release: String) {
        self.context = context
        self.namespace = namespace
        self.release = release
    }
}

extension Answers {
    /// The installation of these answers.
    public var installation: InstallationID {
        InstallationID(context: context, namespace: namespace, release: release)
    }
}

extension InstallationID: CustomStringConvertible {
    /// "release buildkit in namespace buildkit of production"
    public var description: String {
        "release \(release) in namespace \(namespace)" + (context.isEmpty ? "" : " of context \(context)")
    }
}

extension InstallationID {
    /// Its identity in a record: `production/buildkit/buildkit`.
    var record: String { "\(context)/\(namespace)/\(release)" }

    /// Nil: it is no record of an installation. Of its parts, only a context may contain slashes.
    init?(record: String) {
        let parts = record.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2 else { return nil }
        self.init(
            context: parts.dropLast(2).joined(separator: "/"), namespace: parts[parts.count - 2],
            release: parts[parts.count - 1])
    }

    /// Another release of its namespace.
    func sibling(_ release: String) -> InstallationID {
        InstallationID(context: context, namespace: namespace, release: release)
    }

    /// Whether both have the same Secrets, whose names are the same for every release of a namespace.
    func hasSecrets(of other: InstallationID) -> Bool {
        context == other.context && namespace == other.namespace
    }
}

/// The installer's own paths, by the XDG base directory specification.
///
/// The paths never change: buildx stores them, and a rotation replaces the files in place.
public struct InstallerPaths: Equatable, Sendable {
    let configuration: String
    let state: String

    /// - Parameters:
    ///   - home: the user's home folder, absolute.
    ///   - environment: read for `XDG_CONFIG_HOME` and `XDG_STATE_HOME`; a relative path in them is ignored.
    public init(home: String, environment: [String: String]) {
        func base(_ variable: String, _ otherwise: String) -> String {
            guard let given = environment[variable], given.hasPrefix("/") else {
                return "\(home)/\(otherwise)"
            }
            return given
        }
        configuration = base("XDG_CONFIG_HOME", ".config") + "/buildkit-installer"
        state = base("XDG_STATE_HOME", ".local/state") + "/buildkit-installer"
    }

    /// The folder of a release's certificates, unless the user names another.
    public func certificates(of installation: InstallationID) -> String {
        "\(configuration)/\(Self.folder(of: installation))/certs"
    }
    /// The answers of the last install of that release.
    public func answers(of installation: InstallationID) -> String {
        "\(configuration)/\(Self.folder(of: installation))/answers.json"
    }
    /// The journal of the active or the last run.
    public func journal(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/journal.jsonl"
    }
    /// The chart, unpacked for Helm.
    public func chart(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/chart"
    }
    /// The current builder before this release's builder was selected.
    public func former(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/former-builder"
    }
    /// The record of a cluster on this machine that this program created, by its context.
    func localCluster(ofContext context: String) -> String {
        "\(state)/\(Self.word(context))/local-cluster.json"
    }
    /// The records of that release, except its certificates and its journal.
    func records(of installation: InstallationID) -> [String] {
        [answers(of: installation), chart(of: installation), former(of: installation)]
    }
    /// The locks of folders that several installations may use.
    var locks: String { "\(state)/locks" }
    /// The folders that only this program uses.
    var own: [String] { [configuration, state] }
    /// The tools' output on standard error while the screen is in use.
    public var log: String { "\(state)/log" }

    private static func folder(of installation: InstallationID) -> String {
        "\(word(installation.context.isEmpty ? "current" : installation.context))/\(installation.namespace)/\(installation.release)"
    }

    /// The context of a folder's name.
    static func context(ofFolder name: String) -> String {
        var bytes: [UInt8] = []
        var rest = name.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A context's name as a folder's name: contexts contain slashes and colons, and two contexts must not get the
    /// same name.
    private static func word(_ name: String) -> String {
        var out = ""
        for byte in name.utf8 {
            let character = Character(UnicodeScalar(byte))
            if character.isLetterOrDigit || "-_".contains(character) || (character == "." && !out.isEmpty) {
                out.append(character)
            } else {
                out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return out
    }
}

extension Dependencies {
    /// Creates the folder of the log; the writer creates the file itself.
    public func prepareLog() throws(InstallerError) { try PrivateFile.makeFolder(places.log.parentFolder) }

    public var places: InstallerPaths { InstallerPaths(home: home, environment: environment) }
}

extension InstallerPaths {
    /// Removes a folder of this program where it is empty, and its empty parents.
    func prune(_ folder: String) {
        for root in own { EmptyDirectories.remove(from: folder, upTo: root) }
    }
}

extension InstallationID {
    /// The flags that identify it on a command line of this program. The context and the namespace are always
    /// included, because the current ones may change.
    public var flags: [String] {
        (context.isEmpty ? [] : ["--context \(context.shellQuoted)"])
            + ["--namespace \(namespace.shellQuoted)"]
            + (release == Answers().release ? [] : ["--release \(release.shellQuoted)"])
    }
}

extension Answers {
    /// The complete command line of a command with these answers.
    /// - Parameter settings: the answers file that has all other answers; nil: they are the defaults.
    func commandLine(
        of verb: String, _ fields: [Field], at installation: InstallationID, settings: String? = nil
    ) -> String {
        let file = settings.map { ["--answers \($0.shellQuoted)"] } ?? []
        let rest = file + flagsBesideInstallation(of: fields) + ["--yes"]
        return (["buildkit-installer \(verb)"] + installation.flags + rest).joined(separator: " ")
    }

    /// The flags of these fields, except those that name the installation.
    func flagsBesideInstallation(of fields: [Field]) -> [String] {
        let named: Set = [Field.context.id, Field.namespace.id, Field.release.id]
        return flags(of: fields.filter { !named.contains($0.id) })
    }
}
