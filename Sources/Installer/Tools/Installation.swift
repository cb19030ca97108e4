#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Which installation is meant: a release in a namespace of a cluster.
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
    /// The installation that the answers are about.
    public var installation: InstallationID {
        InstallationID(context: context, namespace: namespace, release: release)
    }
}

extension InstallationID: CustomStringConvertible {
    /// "release buildkit in namespace buildkit of production"
    public var description: String {
        "release \(release) in namespace \(namespace)" + (context.isEmpty ? "" : " of \(context)")
    }
}

/// Where the installer keeps what is its own, by the XDG base directory specification.
///
/// The paths are stable for ever: buildx keeps them, and a rotation replaces the files in place.
public struct InstallerPaths: Equatable, Sendable {
    private let configuration: String
    private let state: String

    /// - Parameters:
    ///   - home: the user's home folder, absolute.
    ///   - environment: read for `XDG_CONFIG_HOME` and `XDG_STATE_HOME`; a relative path there does not count.
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
    /// The journal of the run that is under way, or was the last.
    public func journal(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/journal.jsonl"
    }
    /// The chart, unpacked for Helm.
    public func chart(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/chart"
    }
    /// Which builder was the current one before that release's.
    public func former(of installation: InstallationID) -> String {
        "\(state)/\(Self.folder(of: installation))/former-builder"
    }
    /// Which cluster on this machine this program has made, by its context.
    func localCluster(ofContext context: String) -> String {
        "\(state)/\(Self.word(context))/local-cluster.json"
    }
    /// What is written down about that release, outside of its certificates and its journal.
    func records(of installation: InstallationID) -> [String] {
        [answers(of: installation), chart(of: installation), former(of: installation)]
    }
    /// The locks of folders that more than one installation may use.
    var locks: String { "\(state)/locks" }
    /// The folders that are this program's alone.
    var own: [String] { [configuration, state] }
    /// What the tools print on standard error while the screen is in use.
    public var log: String { "\(state)/log" }

    private static func folder(of installation: InstallationID) -> String {
        "\(word(installation.context.isEmpty ? "current" : installation.context))/\(installation.namespace)/\(installation.release)"
    }

    /// A context's name as one folder's: contexts hold slashes and colons, and no two may become one.
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
    /// Makes the folder of the log; the file itself is made by whoever writes to it.
    public func prepareLog() throws(InstallerError) { try PrivateFile.makeFolder(places.log.parentFolder) }

    public var places: InstallerPaths { InstallerPaths(home: home, environment: environment) }
}

extension InstallerPaths {
    /// Removes a folder of this program's own where nothing is in it, and those above it.
    func prune(_ folder: String) {
        for root in own { EmptyDirectories.remove(from: folder, upTo: root) }
    }
}

extension InstallationID {
    /// The flags that name it on a command line of this program. The context and the namespace are always named: what
    /// is current today may not be so tomorrow.
    public var flags: [String] {
        (context.isEmpty ? [] : ["--context \(context.shellQuoted)"])
            + ["--namespace \(namespace.shellQuoted)"]
            + (release == Answers().release ? [] : ["--release \(release.shellQuoted)"])
    }
}

extension Answers {
    /// The one command line that gives a command these answers to its questions.
    func commandLine(of verb: String, _ fields: [Field], at installation: InstallationID) -> String {
        let named: Set = [Field.context.id, Field.namespace.id, Field.release.id]
        let rest = flags(of: fields.filter { !named.contains($0.id) })
        return (["buildkit-installer \(verb)"] + installation.flags + rest + ["--yes"]).joined(separator: " ")
    }
}
