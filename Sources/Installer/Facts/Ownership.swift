import MutualTLS

/// Whose something is that an installation is made of. A name or a label alone proves nothing.
public enum Ownership: Equatable, Sendable {
    case absent
    case ours
    /// This program made it, on another machine; what shows it.
    case otherMachine(evidence: String)
    /// Somebody else made it; who, as far as that can be told.
    case foreign(who: String)
}

extension Facts.Release {
    /// It is ours by the chart's whole name, and by what only this chart holds.
    var ownership: Ownership {
        guard Self.chartName(chart) == Chart.name else { return .foreign(who: chart) }
        return bearsOurMark ? .ours : .foreign(who: "\(chart), which only has the same name")
    }

    var isOurs: Bool { ownership == .ours }

    /// The chart's name in `name-1.2.3`: both the name and the version may hold dashes.
    static func chartName(_ chart: String) -> String {
        var dash = chart.firstIndex(of: "-")
        while let index = dash {
            let rest = chart[chart.index(after: index)...]
            if rest.prefix(while: { $0.isNumber || $0 == "." }).split(separator: ".").count >= 3 {
                return String(chart[..<index])
            }
            dash = rest.firstIndex(of: "-")
        }
        return chart
    }

    /// What Helm writes above each object: only this chart has both folders of templates.
    static func bearsOurMark(manifest: String) -> Bool {
        ["proxy", "builder"].allSatisfy { manifest.contains("# Source: \(Chart.name)/templates/\($0)/") }
    }
}

/// What this machine can prove Secrets by: the authorities that are kept here, and the digests of the files.
struct MachineProof: Equatable, Sendable {
    private let fingerprints: Set<String>
    private let digests: Set<String>

    /// - Parameter files: SHA-256 of the folder's files, by the path.
    init(_ authorities: Facts.Authorities, files: [String: String]) {
        fingerprints = Set(
            [authorities.current, authorities.former].compactMap { $0?.certificate.fingerprint })
        // Whoever was let in as a client has its files too: those prove nothing.
        digests = Set(files.filter { !$0.key.contains("/client/") }.values)
    }

    fileprivate func covers(_ state: Facts.SecretState) -> Bool {
        !digests.isDisjoint(with: state.digests.values)
            || state.certificates.contains {
                $0.role == .authority && fingerprints.contains($0.fingerprint)
            }
    }

    /// Whether every part of it came from here.
    fileprivate func holds(_ state: Facts.SecretState) -> Bool {
        !state.digests.isEmpty && digests.isSuperset(of: state.digests.values)
    }
}

extension Facts.Secrets {
    /// Whose they are. The label of this program is on those that another machine has made, too: only what this machine
    /// holds itself makes them ours. The inner one goes with the outer one.
    func ownership(_ proof: MachineProof) -> Ownership {
        let names = CertificateLayout.secretNames
        let all = [(outer, names.outer), (inner, names.inner)].compactMap { state, name in
            state.map { (state: $0, name: name) }
        }
        guard !all.isEmpty else { return .absent }
        let foreign = all.filter { !$0.state.isOurs && !proof.holds($0.state) }
        guard foreign.isEmpty else { return .foreign(who: foreign.map(\.name).inWords) }
        if let state = outer ?? inner, proof.covers(state) { return .ours }
        let authority = outer?.certificates.first { $0.role == .authority }
        return .otherMachine(
            evidence: authority.map { "they hold the authority \($0.shortSerial), which is not kept here" }
                ?? "none of the files that they were made of is here")
    }
}

extension Facts {
    /// Whose the Secrets are; nil where not all is known that tells it.
    var secretsOwnership: Ownership? {
        guard case .known(let secrets) = secrets, case .known(let authorities) = authorities,
            case .known(let files) = files
        else { return nil }
        return secrets.ownership(MachineProof(authorities, files: files))
    }
}
