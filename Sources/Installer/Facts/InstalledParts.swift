import FoundationEssentials
import MutualTLS

/// An existing part of an installation: its contents, its owner, and whether it is removed.
public struct InstalledPart: Equatable, Sendable {
    public var part: RemovablePart
    /// Its contents, in a few words: "buildkit-cache, 50Gi, since 2026-11-22".
    public var what: String
    /// Why it is kept even if selected; nil where it can be removed.
    public var keptBecause: String?
    /// Whether it is selected and can be removed.
    public var goes: Bool

    init(_ part: RemovablePart, _ what: String, keptBecause: String? = nil, _ answers: Answers) {
        self.part = part
        self.what = what
        self.keptBecause = keptBecause
        goes = keptBecause == nil && answers.remove.contains(part)
    }
}

extension [InstalledPart] {
    public subscript(part: RemovablePart) -> InstalledPart? { first { $0.part == part } }
    /// Whether the part exists, is selected, and can be removed.
    func goes(_ part: RemovablePart) -> Bool { self[part]?.goes ?? false }
}

extension InstalledPart: Encodable {
    private enum CodingKeys: String, CodingKey { case part, what, keptBecause, goes }
}

extension Facts {
    /// The existing parts of an installation, in the order of removal. What could not be read is omitted.
    public func installedParts(_ answers: Answers) -> [InstalledPart] {
        let inNamespace = [
            releaseHolding(answers), secretsHolding(answers), foreignSecretsHolding(answers),
            cacheHolding(answers),
        ].compactMap { $0 }
        let rest = [
            namespaceHolding(answers, holding: inNamespace), builderHolding(answers),
            certificatesHolding(answers), authorityHolding(answers), recordsHolding(answers),
        ]
        return inNamespace + rest.compactMap { $0 }
    }

    private func releaseHolding(_ answers: Answers) -> InstalledPart? {
        if let release = release.value ?? nil {
            let what = "\(answers.release), \(release.chart), revision \(release.revision), \(release.status)"
            return InstalledPart(
                .release, what,
                keptBecause: release.isOurs ? reasonOfOwner(answers) : "it belongs to another chart",
                answers)
        }
        // The owner of the objects is unknown while the releases could not be read.
        guard release.value != nil, let left = namespaceContents.value?.ofRelease, !left.isEmpty else {
            return nil
        }
        return InstalledPart(
            .release, "leftover resources of a release: \(left.inShort)", keptBecause: reasonOfOwner(answers),
            answers
        )
    }

    /// Why the parts that this program created are kept: not all of them were created on this machine. Nil: they can
    /// be removed.
    private func reasonOfOwner(_ answers: Answers) -> String? {
        guard !answers.takeOver else { return nil }
        switch secretsOwnership {
        case .absent, .ours, .foreign: return nil
        case .otherMachine: return "it was installed from another machine"
        case nil: return "its owner is unknown"
        }
    }

    private var knownSecrets: [(name: String, isOurs: Bool)] {
        let names = CertificateLayout.secretNames
        return [(secrets.value?.outer, names.outer), (secrets.value?.inner, names.inner)].compactMap {
            state, name in state.map { (name, $0.isOurs) }
        }
    }

    private func secretsHolding(_ answers: Answers) -> InstalledPart? {
        let names = knownSecrets.filter(\.isOurs).map(\.name)
        return names.isEmpty
            ? nil : InstalledPart(.secrets, names.inWords, keptBecause: reasonOfOwner(answers), answers)
    }

    private func foreignSecretsHolding(_ answers: Answers) -> InstalledPart? {
        let names = knownSecrets.filter { !$0.isOurs }.map(\.name)
        return names.isEmpty
            ? nil
            : InstalledPart(.foreignSecrets, names.inWords, answers)
    }

    private func cacheHolding(_ answers: Answers) -> InstalledPart? {
        guard let claim = cacheClaim.value ?? nil else { return nil }
        let since = claim.madeAt.map { ", created on \($0.formatted(.iso8601.year().month().day()))" } ?? ""
        return InstalledPart(
            .cache, "\(answers.cacheClaim), \(claim.size)\(since)",
            keptBecause: claim.release == answers.release
                ? reasonOfOwner(answers) : "it was not created by this release", answers)
    }

    private func namespaceHolding(_ answers: Answers, holding: [InstalledPart]) -> InstalledPart? {
        guard let namespace = namespace.value, namespace.exists else { return nil }
        guard !namespace.isTerminating else {
            return InstalledPart(.namespace, "\(answers.namespace), which is being deleted", answers)
        }
        var part = InstalledPart(
            .namespace, answers.namespace, keptBecause: reasonToKeep(namespace, holding: holding), answers)
        if part.goes, let local = localCluster.value ?? nil, local.reasonToKeep == nil {
            part.what += ", with the \(local.cluster)"
        }
        return part
    }

    /// The cluster that is deleted with the namespace: this program created it, and it contains nothing else.
    func localClusterToRemove(_ answers: Answers) -> LocalCluster? {
        guard let local = localCluster.value ?? nil, local.reasonToKeep == nil,
            let namespace = namespace.value,
            answers.remove.contains(.namespace)
        else { return nil }
        return !namespace.exists || installedParts(answers).goes(.namespace) ? local.cluster : nil
    }

    /// Why a selected namespace is not deleted; nil where it can be.
    private func reasonToKeep(_ namespace: NamespaceState, holding: [InstalledPart]) -> String? {
        guard namespace.labels[KubernetesLabels.managedBy] == KubernetesLabels.us else {
            return "it was not created by buildkit-installer"
        }
        guard let namespaceContents = namespaceContents.value, release.value != nil, secrets.value != nil,
            cacheClaim.value != nil
        else { return "some resources in it cannot be listed" }
        if let reason = namespaceContents.reasonToKeep() { return reason }
        let staying = holding.filter { !$0.goes }.map(\.part.inWords)
        return staying.isEmpty ? nil : "it still contains \(staying.inWords)"
    }

    private func certificatesHolding(_ answers: Answers) -> InstalledPart? {
        guard let localState = localState.value else { return nil }
        let folders = localState.certificates.keys.map(\.path).sorted()
        guard folders.isEmpty else { return InstalledPart(.certificates, "in \(folders.inWords)", answers) }
        guard (folder.value ?? nil) != nil else { return nil }
        return InstalledPart(
            .certificates, "in \(localState.clientFolder.parentFolder)",
            keptBecause: localState.sharers.first.map { "the \($0) uses them, too" }
                ?? "they were not created by buildkit-installer on this machine",
            answers)
    }

    private func authorityHolding(_ answers: Answers) -> InstalledPart? {
        let folders = localState.value?.authority.keys.map { "\($0.path)/authority" }.sorted() ?? []
        let brought = (localState.value?.broughtAuthorities ?? []).map { "\($0)/authority" }
        guard folders.contains(where: { !brought.contains($0) }) || brought.isEmpty else {
            return InstalledPart(
                .authority, "in \(brought.inWords)", keptBecause: "it was not created by buildkit-installer",
                answers)
        }
        return folders.isEmpty ? nil : InstalledPart(.authority, "in \(folders.inWords)", answers)
    }

    private func recordsHolding(_ answers: Answers) -> InstalledPart? {
        let paths = localState.value?.records ?? []
        let names = paths.compactMap { path in
            ["answers.json": "settings", "chart": "chart", "journal.jsonl": "journal"][path.lastComponent]
        }
        return paths.isEmpty
            ? nil : InstalledPart(.records, names.isEmpty ? "state files" : names.inWords, answers)
    }
}

extension RemovablePart {
    /// The part at the end of a sentence.
    var inWords: String {
        switch self {
        case .builder: "the builder"
        case .release: "the release"
        case .secrets: "the Secrets"
        case .foreignSecrets: "Secrets not created by buildkit-installer"
        case .cache: "the cache volume"
        case .namespace: "the namespace"
        case .certificates: "the certificates"
        case .authority: "the CA key"
        case .records: "the local state"
        }
    }
}

extension [String] {
    /// The first three, and the number of the others.
    public var inShort: String {
        count > 4 ? (prefix(3) + ["\(count - 3) more"]).map { String($0) }.inWords : inWords
    }
}

extension String {
    fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}

// Parts that were created manually or by another tool, and can become part of an installation unchanged.

extension Answers {
    /// The answers for an installation with foreign Secrets: certificates are not issued here, unless the Secrets are
    /// to be replaced.
    func adopting(_ secrets: Facts.Secrets, folder: Inspection?) -> Answers {
        guard certificates == .issue, !takeOver, secrets.areForeign, folder == nil else { return self }
        var answers = self
        answers.certificates = .secrets
        return answers
    }
}

extension Facts.Secrets {
    /// Whether both exist and this program created neither.
    fileprivate var areForeign: Bool { outer?.isOurs == false && inner?.isOurs == false }

    /// Whether the proxy accepts the client certificate in the inner Secret: manually created Secrets often use one
    /// CA for both.
    var containClientCertificate: Bool {
        guard let outer = outer?.digests["ca.pem"], let inner = inner?.digests["ca.crt"] else { return false }
        return outer == inner
    }
}
