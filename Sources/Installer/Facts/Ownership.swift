import MutualTLS

/// The owner of a part of an installation. A name or a label alone proves nothing.
public enum Ownership: Equatable, Sendable {
    case absent
    case ours
    /// This machine created it, from another certificate folder.
    case otherFolder(Facts.SecretsFolder)
    /// This program created it on another machine; with the evidence.
    case otherMachine(evidence: String)
    /// Created by another program or user; as far as it is known.
    case foreign(who: String)
}

extension Facts.Release {
    /// Ours by the chart's complete name, and by content that only this chart has.
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

    /// Helm writes a source comment above each object: only this chart has both template folders.
    static func bearsOurMark(manifest: String) -> Bool {
        ["proxy", "builder"].allSatisfy { manifest.contains("# Source: \(Chart.name)/templates/\($0)/") }
    }
}

extension [JSONValue] {
    /// Of these objects, those that the chart has made for a release: Helm has created them for it. Labels alone, which users
    /// add to objects of their own, count only where Helm has created none: the release was applied from the chart's output.
    func made(for installation: InstallationID) -> [JSONValue] {
        let labeled = filter { $0.chartRelease == installation.release }
        let made = labeled.filter { $0.isMadeByHelm(for: installation) }
        guard made.isEmpty else { return made }
        // One that Helm has created may have lost a label. Then an object without Helm's annotations is not taken for it.
        let isByHelm = contains { $0.isAnnotated(for: installation) }
        return isByHelm ? labeled.filter { $0.isAnnotated(for: installation) } : labeled
    }
}

extension JSONValue {
    /// The release of this chart that an object names as its own; nil: of another chart, or none.
    var chartRelease: String? {
        guard Facts.Release.chartName(label("helm.sh/chart") ?? "") == Chart.name else { return nil }
        // One that was applied from the chart's output has no annotation of Helm.
        return annotation(KubernetesLabels.helmRelease) ?? label(KubernetesLabels.instance)
    }

    /// Whether Helm has created it for this release of this chart.
    func isMadeByHelm(for installation: InstallationID) -> Bool {
        chartRelease != nil && isAnnotated(for: installation) && label(KubernetesLabels.managedBy) == "Helm"
    }

    /// Whether it has Helm's annotations of this release.
    fileprivate func isAnnotated(for installation: InstallationID) -> Bool {
        annotation(KubernetesLabels.helmRelease) == installation.release
            && annotation(KubernetesLabels.helmNamespace) == installation.namespace
    }

    /// Whether its own marks name another release, or another chart.
    func isMarked(forOtherThan installation: InstallationID) -> Bool {
        if let release = annotation(KubernetesLabels.helmRelease) {
            let namespace = annotation(KubernetesLabels.helmNamespace) ?? installation.namespace
            return release != installation.release || namespace != installation.namespace
        }
        guard let chart = label("helm.sh/chart"), !chart.isEmpty else { return false }
        let release = label(KubernetesLabels.instance) ?? installation.release
        return Facts.Release.chartName(chart) != Chart.name || release != installation.release
    }
}

/// What proves that Secrets came from this machine: the CAs that are stored here, and the digests of the files.
struct MachineProof: Equatable, Sendable {
    private let fingerprints: Set<String>
    /// Those of the CAs whose keys are here.
    private let signers: Set<String>
    private let digests: Set<String>

    /// - Parameter files: SHA-256 of the folder's files, by the path.
    init(_ authorities: Facts.Authorities, files: [String: String]) {
        let kept = [authorities.current, authorities.former].compactMap(\.self)
        fingerprints = Set(kept.map(\.certificate.fingerprint))
        signers = Set(kept.filter(\.canSign).map(\.certificate.fingerprint))
        // A client of the installation has its client files too, so those prove nothing.
        digests = Set(files.filter { !$0.key.contains("/client/") }.values)
    }

    fileprivate func covers(_ state: Facts.SecretState) -> Bool {
        !digests.isDisjoint(with: state.digests.values)
            || state.certificates.contains {
                $0.role == .authority && fingerprints.contains($0.fingerprint)
            }
    }

    /// Whether every part of it came from this machine.
    fileprivate func holds(_ state: Facts.SecretState) -> Bool {
        !state.digests.isEmpty && digests.isSuperset(of: state.digests.values)
    }

    /// Whether the keys of all its CAs are on this machine.
    fileprivate func signs(_ state: Facts.SecretState) -> Bool {
        let authorities = state.certificates.filter { $0.role == .authority }
        return !authorities.isEmpty && authorities.allSatisfy { signers.contains($0.fingerprint) }
    }
}

extension Facts.Secrets {
    /// The owner of the Secrets. Secrets that another machine created also have this program's label: only Secrets
    /// whose content this machine has are ours.
    func ownership(_ proof: MachineProof) -> Ownership {
        let names = CertificateLayout.secretNames
        let all = [(outer, names.outer), (inner, names.inner)].compactMap { state, name in
            state.map { (state: $0, name: name) }
        }
        guard !all.isEmpty else { return .absent }
        if let evidence = evidenceOfOtherMachine(proof) { return .otherMachine(evidence: evidence) }
        let foreign = all.filter { !$0.state.isOurs && !proof.holds($0.state) }
        return foreign.isEmpty ? .ours : .foreign(who: foreign.map(\.name).inWords)
    }

    /// The owner of the Secret that a rotation replaces. One that was created manually is handed over by storing the
    /// keys of its CAs on this machine.
    func ownership(renewing scope: RotationScope, _ proof: MachineProof) -> Ownership {
        let names = CertificateLayout.secretNames
        let (state, name) = scope == .inner ? (inner, names.inner) : (outer, names.outer)
        guard let state else { return .absent }
        if let evidence = evidenceOfOtherMachine(proof) { return .otherMachine(evidence: evidence) }
        let isOurs = state.isOurs || proof.holds(state) || proof.signs(state)
        return isOurs ? .ours : .foreign(who: name)
    }

    /// What shows that another machine created one of them; nil where nothing does. One with this program's label
    /// needs a proof, also beside one that was created manually.
    private func evidenceOfOtherMachine(_ proof: MachineProof) -> String? {
        let both = [outer, inner].compactMap(\.self)
        guard both.contains(where: \.isOurs) else { return nil }
        // The inner Secret has the owner of an outer one with the label.
        let judged = outer?.isOurs == true ? Array(both.prefix(1)) : both
        guard !judged.contains(where: proof.covers) else { return nil }
        let authority = (outer?.isOurs == true ? outer : nil)?.certificates.first { $0.role == .authority }
        return authority.map { "the key of the CA \($0.shortSerial) in the Secrets is not on this machine" }
            ?? "none of the source files of the Secrets is on this machine"
    }
}

extension Facts {
    /// The owner of the Secrets; nil while required facts are unknown.
    var secretsOwnership: Ownership? { judged { $0.ownership($1) } }

    /// The owner of the Secret that a rotation replaces; nil while required facts are unknown.
    func ownership(renewing scope: RotationScope) -> Ownership? {
        judged { $0.ownership(renewing: scope, $1) }
    }

    private func judged(_ judge: (Secrets, MachineProof) -> Ownership) -> Ownership? {
        guard case .known(let secrets) = secrets, case .known(let authorities) = authorities,
            case .known(let files) = files
        else { return nil }
        let owner = judge(secrets, MachineProof(authorities, files: files))
        guard case .otherMachine = owner, case .known(let folders) = clientFolders else { return owner }
        let source = folders.secretsFolders.first { judge(secrets, $0.proof) == .ours }
        return source.map { Ownership.otherFolder($0) } ?? owner
    }
}

extension Facts {
    /// A certificate folder from which this machine may have created the Secrets of the namespace.
    public struct SecretsFolder: Equatable, Sendable {
        public var path: String
        /// The installation that uses it.
        public var installation: InstallationID
        let proof: MachineProof

        init(
            _ path: String, of installation: InstallationID, _ authorities: Authorities,
            files: [String: String]
        ) {
            (self.path, self.installation) = (path, installation)
            proof = MachineProof(authorities, files: files)
        }

        /// "another certificate directory of this machine: /certs, of the release a in namespace b of context c"
        var inWords: String {
            "another certificate directory of this machine: \(path), of the \(installation)"
        }
    }
}
