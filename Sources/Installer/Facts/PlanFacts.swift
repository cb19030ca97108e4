import FoundationEssentials
import MutualTLS

// What each kind of plan is made of. These values hold no ``Fact``: each exists only where all that the plan depends on
// has been read, so that nothing can be planned on what is not known.

/// How the builder is reached, and with which files.
struct ConnectionFacts: Sendable {
    let installation: InstallationID
    let folder: Inspection?
    let secrets: Facts.Secrets

    init(_ facts: Facts, _ answers: Answers, _ reader: inout FactReader) throws(PlanRefusal) {
        // Which context is the current one decides where the certificates are.
        let isNamed = !answers.context.isEmpty || reader.machine("the kubeconfig", \.contexts) != nil
        let folder = reader.machine("the folder of the certificates", \.folder)
        let secrets = reader.cluster("the Secrets", \.secrets)
        guard isNamed, let folder, let secrets else { throw reader.refusal }
        installation = answers.installation(facts)
        (self.folder, self.secrets) = (folder, secrets)
    }
}

/// What an install is planned by.
struct InstallFacts: Sendable {
    let connection: ConnectionFacts
    let builder: BuilderFacts
    let namespace: Facts.NamespaceState
    let release: Facts.Release?
    let cacheClaim: Facts.CacheClaim?
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    /// Whose the Secrets are.
    let secretsOwner: Ownership
    let kept: [Field.ID: String]
    /// The safest profile that the nodes can run.
    let security: (profile: SecurityProfile, reason: String)
    /// Helm's version.
    let helm: String
    /// What goes through the proxies, for the notes alone; nil: it is not known.
    let activity: BuildActivity?
    /// What is revoked; nil: it could not be read here. Whoever writes a list reads it again.
    let revocations: RevocationState?

    var secrets: Facts.Secrets { connection.secrets }
    var folder: Inspection? { connection.folder }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let helm = reader.machine("helm", \.helm)
        let files = reader.machine("the files of the certificates", \.files)
        let authorities = reader.machine("the authority", \.authorities)
        let namespace = reader.cluster("the namespace \(answers.namespace)", \.namespace)
        let release = reader.helm("the release \(answers.release)", \.release)
        let claim = answers.cache == .none ? .some(nil) : reader.cluster("the cache volume", \.cacheClaim)
        // Where it could not be read, nothing is taken for an answer of before.
        kept = facts.kept.value ?? [:]
        // Only where somebody has chosen the profile do the nodes not matter.
        let profile = answers.security != nil || reader.cluster("the nodes", \.nodes) != nil
        let builder = BuilderFacts(answers, &reader)
        let connection = try ConnectionFacts(facts, answers, &reader)
        guard let helm, let files, let authorities, let namespace, let release, let claim, let builder,
            profile
        else { throw reader.refusal }
        secretsOwner = connection.secrets.ownership(MachineProof(authorities, files: files))
        (self.connection, self.builder, self.namespace) = (connection, builder, namespace)
        (self.release, cacheClaim, self.files, self.helm) = (release, claim, files, helm)
        security = SecurityProfile.recommended(by: facts)
        activity = facts.activity.value
        revocations = facts.issued.value != nil && facts.authorities.value != nil ? facts.revocations : nil
    }
}

/// What the builder's registration is planned by.
struct BuilderFacts: Sendable {
    let builders: Facts.Builders
    let service: Facts.ServiceState?
    let nodes: [Facts.Node]

    /// Nil where something could not be read, which the reader remembers.
    init?(_ answers: Answers, _ reader: inout FactReader) {
        let builders = reader.builders(answers)
        // A fixed endpoint asks for no address of the Service, nor of the nodes.
        let service =
            answers.fixedEndpoint != nil
            ? .some(nil) : reader.cluster("the Service \(answers.fullname)", \.service)
        let nodes =
            answers.fixedEndpoint != nil || answers.exposure != .nodePort
            ? [] : reader.cluster("the nodes", \.nodes)
        guard let builders, let service, let nodes else { return nil }
        (self.builders, self.service, self.nodes) = (builders, service, nodes)
    }

    /// The place that clients dial, as far as there is one by now.
    /// - Parameter names: what the certificate covers; of several places one of these is taken first.
    func endpoint(_ answers: Answers, preferring names: [SubjectName]) -> Endpoint? {
        answers.endpoints(at: service, on: nodes).best(names)
    }

    /// The remote builder of that name that is there already, whoever has registered it.
    func registeredBuilder(_ answers: Answers) -> Facts.Builder? {
        builders.registered(answers.builder, at: answers.endpoints(at: service, on: nodes))
    }
}

/// What a rotation is planned by.
struct RotationFacts: Sendable {
    let connection: ConnectionFacts
    /// Nil: no builder is changed.
    let builder: BuilderFacts?
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    let renewal: Facts.Renewal?
    /// The clients that were given certificates of their own here, by name.
    let clients: [String: Inspection]
    let lookedAt: Date
    /// Whether it is known who has come of late. Where it is not, nobody can tell whom a dropped authority locks out.
    let knowsSightings: Bool
    /// The names of docker buildx's builders, by one of which the new inner pair is verified; else empty.
    let builders: [String]
    private let facts: Facts

    var secrets: Facts.Secrets { connection.secrets }
    var folder: Inspection? { connection.folder }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let files = reader.machine("the files of the certificates", \.files)
        let renewal = reader.machine("the renewal that waits", \.renewal)
        let clients = reader.machine("the clients' certificates", \.clients)
        let isRead =
            reader.machine("the authority", \.authorities) != nil
            && reader.machine("the certificates that were issued", \.issued) != nil
        // To drop an authority without knowing who needs it is up to the user.
        let isSeen =
            answers.renew != .finish || answers.force
            || reader.cluster("who has come of late", \.sightings) != nil
        // Only a new inner pair is verified by a request through the builder, where there is one.
        let builders =
            answers.renew == .inner && answers.verify
            ? reader.machine("the builders of docker buildx", \.builders)?.builders.map(\.name) : []
        let changesBuilder = !answers.sans.isEmpty
        let builder = changesBuilder ? BuilderFacts(answers, &reader) : nil
        connection = try ConnectionFacts(facts, answers, &reader)
        guard let files, let renewal, let clients, isRead, isSeen, let builders,
            !changesBuilder || builder != nil
        else {
            throw reader.refusal
        }
        (self.files, self.renewal, self.clients, self.builder) = (files, renewal, clients, builder)
        knowsSightings = facts.sightings.value != nil
        self.builders = builders
        lookedAt = facts.lookedAt
        self.facts = facts
    }
}

// What follows from the certificates, all of which have been read.

extension RotationFacts {
    var serverCertificate: CertificateSummary? { facts.serverCertificate }
    var signer: CertificateSummary? { facts.signer }
    var signerIsTrusted: Bool { facts.signerIsTrusted }
    var trustsTwoAuthorities: Bool { facts.trustsTwoAuthorities }
    var formerAuthorityUnusable: Bool { facts.formerAuthorityUnusable }
    var otherClients: [String] { facts.otherClients }
    var clientsOnFormerAuthority: [Facts.OutdatedClient] { facts.clientsOnFormerAuthority }
    var inventory: CertificateInventory { CertificateInventory(facts, now: lookedAt) }
    var revocations: RevocationState { facts.revocations }
    var ownClient: String? { facts.ownClient }
}

/// What a change of a client is planned by.
struct ClientFacts: Sendable {
    let connection: ConnectionFacts
    let authorities: Facts.Authorities
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    /// Who is known, here and in the cluster.
    let known: ClientDirectory
    /// The release; nil where there is none, or where this machine has no helm: then nothing of it is changed.
    let release: Facts.Release?
    /// When each client was last let in, by its name; empty where nobody knows.
    let sightings: [String: LastSeen]

    var secrets: Facts.Secrets { connection.secrets }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let authorities = reader.machine("the authority", \.authorities)
        let files = reader.machine("the files of the certificates", \.files)
        let isRead =
            reader.machine("the certificates that were issued", \.issued) != nil
            && reader.machine("the clients' certificates", \.clients) != nil
        // A list of revocations needs no helm. Without it no role is changed.
        let needsHelm = facts.helm.failure == nil || answers.role != nil
        let release = needsHelm ? reader.helm("the release \(answers.release)", \.release) : .some(nil)
        connection = try ConnectionFacts(facts, answers, &reader)
        guard let authorities, let files, isRead, let release else { throw reader.refusal }
        (self.authorities, self.files, self.release) = (authorities, files, release)
        known = ClientDirectory(facts)
        sightings = facts.sightings.value ?? [:]
    }
}

/// What an uninstall is planned by: what was chosen has been read. Without the cluster only this machine is tidied.
struct RemovalFacts: Sendable {
    let installation: InstallationID
    /// Why the cluster does not answer; nil: it does.
    let silence: InstallerError?
    /// What there is of the installation.
    let parts: [InstalledPart]
    let namespace: Facts.NamespaceState?
    let release: Facts.Release?
    let secrets: Facts.Secrets?
    let contents: Facts.NamespaceContents?
    /// The builders of docker buildx; nil: none is to go.
    let builders: Facts.Builders?
    /// The names of those that are this installation's.
    let ownBuilders: [String]
    let localState: Facts.LocalState?
    /// The local cluster that this program has made; nil: there is none, or nobody knows of one, and it stays.
    let localCluster: Facts.LocalClusterState?
    /// The same, where it goes with the namespace.
    let localClusterToRemove: LocalCluster?
    /// What goes through the proxies; nil: it is not known.
    let activity: BuildActivity?

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        silence = facts.server.failure
        let isNamed = !answers.context.isEmpty || reader.machine("the kubeconfig", \.contexts) != nil
        var isRead = isNamed
        func need<Value>(_ parts: Set<RemovablePart>, _ value: @autoclosure () -> Value?) -> Value? {
            guard !parts.isDisjoint(with: answers.remove) else { return nil }
            let value = value()
            if value == nil { isRead = false }
            return value
        }
        let isSilent = facts.server.failure != nil
        let inCluster: Set<RemovablePart> =
            isSilent ? [] : [.release, .secrets, .foreignSecrets, .cache, .namespace]
        namespace = need(inCluster, reader.cluster("the namespace \(answers.namespace)", \.namespace))
        release =
            need(
                inCluster.intersection([.release, .namespace]),
                reader.helm("the release \(answers.release)", \.release)) ?? nil
        secrets = need(
            inCluster, reader.cluster("the Secrets", \.secrets))
        _ = need(
            inCluster.intersection([.cache, .namespace]), reader.cluster("the cache volume", \.cacheClaim))
        contents = need(
            inCluster.intersection([.release, .namespace]),
            reader.cluster("what is in the namespace \(answers.namespace)", \.namespaceContents))
        if !answers.takeOver {
            _ = need(inCluster, reader.machine("the authority", \.authorities))
            _ = need(inCluster, reader.machine("the files of the certificates", \.files))
        }
        builders = need([.builder], reader.machine("the builders of docker buildx", \.builders))
        localState = need(
            [.builder, .certificates, .authority, .records],
            reader.machine("what is on this machine", \.localState))
        _ = need([.certificates], reader.machine("the folder of the certificates", \.folder))
        guard isRead else { throw reader.refusal }
        installation = answers.installation(facts)
        parts = facts.installedParts(answers)
        localCluster = facts.localCluster.value ?? nil
        localClusterToRemove = facts.localClusterToRemove(answers)
        ownBuilders = facts.ownBuilders(answers).map(\.name)
        activity = facts.activity.value
    }
}
