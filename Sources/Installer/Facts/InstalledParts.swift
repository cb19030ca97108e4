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
        let rest = [namespaceHolding(answers, holding: inNamespace), builderHolding(answers)].compactMap {
            $0
        }
        return inNamespace + rest + certificateParts(answers) + authorityParts(answers)
            + recordsParts(answers)
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
        case .otherFolder(let folder): return "it belongs to the certificate directory \(folder.path)"
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
            ? nil
            : InstalledPart(
                .secrets, names.inWords, keptBecause: reasonOfOwner(answers) ?? reasonOfOtherReleases, answers
            )
    }

    private func foreignSecretsHolding(_ answers: Answers) -> InstalledPart? {
        let names = knownSecrets.filter { !$0.isOurs }.map(\.name)
        return names.isEmpty
            ? nil
            : InstalledPart(.foreignSecrets, names.inWords, keptBecause: reasonOfOtherReleases, answers)
    }

    /// Why the Secrets are kept: their names are the same for all releases of a namespace.
    private var reasonOfOtherReleases: String? {
        guard otherReleases.value != nil else { return "other releases may use them" }
        return usersOfSecrets.map { "\($0) them, too" }
    }

    /// "the release b uses"; nil where no other release is known.
    var usersOfSecrets: String? {
        otherReleases.value.flatMap { $0.isEmpty ? nil : "the \($0.releasesUse)" }
    }

    private func cacheHolding(_ answers: Answers) -> InstalledPart? {
        guard let claim = cacheClaim.value ?? nil else { return nil }
        let since = claim.madeAt.map { ", created on \($0.formatted(.iso8601.year().month().day()))" } ?? ""
        return InstalledPart(
            .cache, "\(answers.named(by: self).cacheClaim), \(claim.size)\(since)",
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
    /// Of the names of releases: "release b uses", "releases b and c use".
    var releasesUse: String { count == 1 ? "release \(inShort) uses" : "releases \(inShort) use" }
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
    /// Whether an install leaves the internal certificates in the Secret alone: a machine that has only rotated has the others.
    /// New ones would restart BuildKit.
    /// - Parameters:
    ///   - hasFolder: whether the certificate directory has certificates already.
    ///   - folder: where internal certificates are issued.
    ///   - files: the digests of the files on this machine, by the path.
    func keepInner(
        _ owner: Ownership?, _ answers: Answers, hasFolder: Bool, issuedIn folder: CertificateFolder,
        files: [String: String]
    ) -> Bool {
        guard owner == .ours, let inner, answers.certificates != .issue || hasFolder else { return false }
        return CertificateLayout.innerFiles(in: folder).allSatisfy {
            files[$1] == nil && inner.digests[$0] != nil
        }
    }

    /// Whether both exist and this program created neither.
    fileprivate var areForeign: Bool { outer?.isOurs == false && inner?.isOurs == false }

    /// Whether the proxy accepts the client certificate in the inner Secret: manually created Secrets often use one
    /// CA for both.
    var containClientCertificate: Bool {
        guard let outer = outer?.digests["ca.pem"], let inner = inner?.digests["ca.crt"] else { return false }
        return outer == inner
    }
}
