import FoundationEssentials
import MutualTLS

/// A part of an installation that is there: what it is, whose it is, and whether it goes.
public struct InstalledPart: Equatable, Sendable {
    public var part: RemovablePart
    /// What is there, in a few words: "buildkit-cache, 50Gi, since 2026-11-22".
    public var what: String
    /// Why it stays also where it was chosen; nil where it may go.
    public var keptBecause: String?
    /// Whether it was chosen, and may go.
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
    /// Whether the part is there, was chosen, and may go.
    func goes(_ part: RemovablePart) -> Bool { self[part]?.goes ?? false }
}

extension InstalledPart: Encodable {
    private enum CodingKeys: String, CodingKey { case part, what, keptBecause, goes }
}

extension Facts {
    /// What there is of an installation, in the order in which it goes. What could not be looked at is left out.
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
                keptBecause: release.isOurs ? reasonOfOwner(answers) : "it is another chart's",
                answers)
        }
        // Nobody knows of whom objects are while the releases could not be looked at.
        guard release.value != nil, let left = namespaceContents.value?.ofRelease, !left.isEmpty else {
            return nil
        }
        return InstalledPart(
            .release, "what a release has left: \(left.inShort)", keptBecause: reasonOfOwner(answers), answers
        )
    }

    /// Why what this program has made stays: not everything that it made was made from here. Nil: it may go.
    private func reasonOfOwner(_ answers: Answers) -> String? {
        guard !answers.takeOver else { return nil }
        switch secretsOwnership {
        case .absent, .ours, .foreign: return nil
        case .otherMachine: return "another machine has installed it"
        case nil: return "whose it is could not be told"
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
            : InstalledPart(.foreignSecrets, "\(names.inWords), made by hand or by another tool", answers)
    }

    private func cacheHolding(_ answers: Answers) -> InstalledPart? {
        guard let claim = cacheClaim.value ?? nil else { return nil }
        let since = claim.madeAt.map { ", since \($0.formatted(.iso8601.year().month().day()))" } ?? ""
        return InstalledPart(
            .cache, "\(answers.cacheClaim), \(claim.size)\(since)", keptBecause: reasonOfOwner(answers),
            answers)
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

    /// The cluster that goes with the namespace: this program made it, and nothing else is in it.
    func localClusterToRemove(_ answers: Answers) -> LocalCluster? {
        guard let local = localCluster.value ?? nil, local.reasonToKeep == nil,
            let namespace = namespace.value,
            answers.remove.contains(.namespace)
        else { return nil }
        return !namespace.exists || installedParts(answers).goes(.namespace) ? local.cluster : nil
    }

    /// Why a namespace is not deleted even where that was asked; nil where it may go.
    private func reasonToKeep(_ namespace: NamespaceState, holding: [InstalledPart]) -> String? {
        guard namespace.labels[KubernetesLabels.managedBy] == KubernetesLabels.us else {
            return "this program did not make it"
        }
        guard let namespaceContents = namespaceContents.value, namespaceContents.areComplete,
            release.value != nil,
            secrets.value != nil, cacheClaim.value != nil
        else { return "not all that is in it could be seen" }
        guard namespaceContents.others.isEmpty else {
            return "\(namespaceContents.others.inShort) would go with it"
        }
        let staying = holding.filter { !$0.goes }.map(\.part.inWords)
        return staying.isEmpty ? nil : "it still holds \(staying.inWords)"
    }

    private func certificatesHolding(_ answers: Answers) -> InstalledPart? {
        guard let localState = localState.value else { return nil }
        let folders = localState.certificates.keys.map(\.path).sorted()
        guard folders.isEmpty else { return InstalledPart(.certificates, "in \(folders.inWords)", answers) }
        guard (folder.value ?? nil) != nil else { return nil }
        return InstalledPart(
            .certificates, "in \(localState.clientFolder.parentFolder)",
            keptBecause: "they were not made here",
            answers)
    }

    private func authorityHolding(_ answers: Answers) -> InstalledPart? {
        let folders = localState.value?.authority.keys.map { "\($0.path)/authority" }.sorted() ?? []
        let brought = (localState.value?.broughtAuthorities ?? []).map { "\($0)/authority" }
        guard folders.contains(where: { !brought.contains($0) }) || brought.isEmpty else {
            return InstalledPart(
                .authority, "in \(brought.inWords)", keptBecause: "this program did not make it", answers)
        }
        return folders.isEmpty ? nil : InstalledPart(.authority, "in \(folders.inWords)", answers)
    }

    private func recordsHolding(_ answers: Answers) -> InstalledPart? {
        let paths = localState.value?.records ?? []
        let names = paths.compactMap { path in
            ["answers.json": "answers", "chart": "chart", "journal.jsonl": "journal"][path.lastComponent]
        }
        return paths.isEmpty ? nil : InstalledPart(.records, names.isEmpty ? "notes" : names.inWords, answers)
    }
}

extension RemovablePart {
    /// The part as the end of a sentence has it.
    var inWords: String {
        switch self {
        case .builder: "the builder"
        case .release: "the release"
        case .secrets: "the Secrets"
        case .foreignSecrets: "Secrets that came from elsewhere"
        case .cache: "the cache volume"
        case .namespace: "the namespace"
        case .certificates: "the certificates"
        case .authority: "the authority"
        case .records: "the records"
        }
    }
}

extension [String] {
    /// The first three, and how many more there are.
    var inShort: String {
        count > 4 ? (prefix(3) + ["\(count - 3) more"]).map { String($0) }.inWords : inWords
    }
}

extension String {
    /// The name at the end of a path.
    fileprivate var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}

extension Facts {
    /// The builders of buildx on this machine that are this installation's: their certificates are in its
    /// folder, or the one of its name is at its address.
    func ownBuilders(_ answers: Answers) -> [Builder] {
        guard let folder = localState.value?.clientFolder else { return [] }
        return (builders.value?.builders ?? []).filter { builder in
            builder.driver == "remote"
                && (builder.reads(from: folder) || builder.isNamedAndPlaced(by: answers, self))
        }
    }

    func builderHolding(_ answers: Answers) -> InstalledPart? {
        let own = ownBuilders(answers)
        let current = builders.value?.current
        guard own.isEmpty else {
            let names = own.map { $0.name == current ? "\($0.inWords), the current one" : $0.inWords }
            return InstalledPart(.builder, names.inWords, answers)
        }
        guard let other = builders.value?.builders.first(where: { $0.name == answers.builder }) else {
            return nil
        }
        return InstalledPart(.builder, other.inWords, keptBecause: "it is not this installation's", answers)
    }

    /// The places that clients dial, as far as they are known.
    func endpoints(_ answers: Answers) -> [Endpoint] {
        answers.endpoints(at: service.value ?? nil, on: nodes.value ?? [])
    }
}

extension Facts.Builder {
    fileprivate func reads(from folder: String) -> Bool {
        nodes.contains { node in node.options.values.contains { $0.hasPrefix("\(folder)/") } }
    }

    /// Localhost is everybody's address: there only the certificates tell.
    fileprivate func isNamedAndPlaced(by answers: Answers, _ facts: Facts) -> Bool {
        guard name == answers.builder else { return false }
        let places = facts.endpoints(answers).filter { !$0.isLocal }.map { "\($0)" }
        return nodes.contains { places.contains($0.endpoint) }
    }

    fileprivate var inWords: String { nodes.first.map { "\(name) at \($0.endpoint)" } ?? name }
}

// What was made by hand or by another tool, and can become a part of an installation as it is.

extension Answers {
    /// The answers for an installation whose Secrets came from elsewhere: certificates are then not issued here,
    /// unless those are to be replaced.
    func adopting(_ secrets: Facts.Secrets, folder: Inspection?) -> Answers {
        guard certificates == .issue, !takeOver, secrets.areForeign, folder == nil else { return self }
        var answers = self
        answers.certificates = .secrets
        return answers
    }
}

extension Facts.Secrets {
    /// Whether both are there, and this program has made neither.
    fileprivate var areForeign: Bool { outer?.isOurs == false && inner?.isOurs == false }

    /// Whether the client's certificate in the inner Secret is one that the proxy lets in: people who make both by
    /// hand often have one authority for both.
    var containClientCertificate: Bool {
        guard let outer = outer?.digests["ca.pem"], let inner = inner?.digests["ca.crt"] else { return false }
        return outer == inner
    }
}

extension Facts {
    /// The remote builder of that name that is at that address already, whoever has registered it.
    func registeredBuilder(_ answers: Answers) -> Builder? {
        builders.value?.registered(answers.builder, at: endpoints(answers))
    }
}

extension Facts.Builders {
    /// The remote builder of that name that is at one of these places, whoever has registered it.
    func registered(_ name: String, at endpoints: [Endpoint]) -> Facts.Builder? {
        let places = endpoints.map { "\($0)" }
        return builders.first { builder in
            builder.name == name && builder.driver == "remote" && builder.nodes.count == 1
                && builder.nodes.allSatisfy { places.contains($0.endpoint) }
        }
    }
}
