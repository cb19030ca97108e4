import FoundationEssentials
import MutualTLS

// The input of each kind of plan. These values contain no ``Fact``: each exists only where everything that the plan
// depends on has been read, so that no plan is based on unknown facts.

/// How the builder is reached, and with which files.
struct ConnectionFacts: Sendable {
    let installation: InstallationID
    let folder: Inspection?
    let secrets: Facts.Secrets

    init(_ facts: Facts, _ answers: Answers, _ reader: inout FactReader) throws(PlanRefusal) {
        // The current context determines the certificate folder.
        let isNamed = !answers.context.isEmpty || reader.machine("the kubeconfig", \.contexts) != nil
        let folder = reader.machine("the certificate directory", \.folder)
        let secrets = reader.cluster("the Secrets", \.secrets)
        guard isNamed, let folder, let secrets else { throw reader.refusal }
        installation = answers.installation(facts)
        (self.folder, self.secrets) = (folder, secrets)
    }
}

/// The input of an install plan.
struct InstallFacts: Sendable {
    let connection: ConnectionFacts
    let builder: BuilderFacts
    let namespace: Facts.NamespaceState
    let release: Facts.Release?
    let cacheClaim: Facts.CacheClaim?
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    /// The owner of the Secrets.
    let secretsOwner: Ownership
    /// The trusted CAs, before and after.
    let authorities: TrustedAuthorities
    /// BuildKit's Deployments that read a Secret which may be replaced; otherwise empty.
    let backends: [BackendDeployment]
    let kept: [Field.ID: String]
    /// The most secure profile that the nodes support.
    let security: (profile: SecurityProfile, reason: String)
    /// Helm's version.
    let helm: String
    /// The current load of the proxies, only for the notes; nil: unknown.
    let activity: BuildActivity?
    /// The known revocations; nil: they could not be read. A step that writes a list reads them again.
    let revocations: RevocationState?

    var secrets: Facts.Secrets { connection.secrets }
    var folder: Inspection? { connection.folder }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let helm = reader.machine("helm", \.helm)
        let files = reader.machine("the certificate files", \.files)
        let isAuthorityRead = reader.machine("the CA", \.authorities) != nil
        let namespace = reader.cluster("the namespace \(answers.namespace)", \.namespace)
        let release = reader.helm("the release \(answers.release)", \.release)
        let claim = answers.cache == .none ? .some(nil) : reader.cluster("the cache volume", \.cacheClaim)
        let areNamesRead =
            answers.values.isEmpty || reader.machine("the values file \(answers.values)", \.chartNames) != nil
        // Where they could not be read, no earlier answers are assumed.
        kept = facts.kept.value ?? [:]
        // The nodes do not matter only where the user chose a profile.
        let profile = answers.security != nil || reader.cluster("the nodes", \.nodes) != nil
        let builder = BuilderFacts(answers, &reader)
        let connection = try ConnectionFacts(facts, answers, &reader)
        // Their BuildKit has read a Secret that exists already.
        let isShared = connection.secrets.inner != nil && answers.certificates != .secrets
        let backends = isShared ? reader.releases(answers, \.backends) : []
        guard let helm, let files, isAuthorityRead, let namespace, let release, let claim, let builder,
            let backends, let secretsOwner = facts.secretsOwnership, profile, areNamesRead
        else { throw reader.refusal }
        (self.secretsOwner, self.backends) = (secretsOwner, backends)
        (self.connection, self.builder, self.namespace) = (connection, builder, namespace)
        (self.release, cacheClaim, self.files, self.helm) = (release, claim, files, helm)
        security = SecurityProfile.recommended(by: facts)
        activity = facts.activity.value
        authorities = facts.trustedAuthorities
        revocations = facts.issued.value != nil && facts.authorities.value != nil ? facts.revocations : nil
    }
}

/// The input of a builder registration.
struct BuilderFacts: Sendable {
    let builders: Facts.Builders
    let service: Facts.ServiceState?
    let nodes: [Facts.Node]

    /// Nil where something could not be read, which the reader records.
    init?(_ answers: Answers, _ reader: inout FactReader) {
        let builders = reader.builders(answers)
        // A fixed endpoint needs neither the Service's address nor the nodes'.
        let service =
            answers.fixedEndpoint != nil
            ? .some(nil) : reader.cluster("the Service \(answers.fullname)", \.service)
        let nodes =
            answers.fixedEndpoint != nil || answers.exposure != .nodePort
            ? [] : reader.cluster("the nodes", \.nodes)
        guard let builders, let service, let nodes else { return nil }
        (self.builders, self.service, self.nodes) = (builders, service, nodes)
    }

    /// The endpoint that clients dial, as far as it exists.
    /// - Parameter names: the names that the certificate covers; a covered address is preferred.
    func endpoint(_ answers: Answers, preferring names: [SubjectName]) -> Endpoint? {
        answers.endpoints(at: service, on: nodes).best(names)
    }

    /// The manually registered builder that an install with existing Secrets uses unchanged.
    func builderToAdopt(_ answers: Answers) -> Facts.Builder? {
        builders.adoptable(answers.builder, at: answers.endpoints(at: service, on: nodes))
    }
}

/// The input of a rotation plan.
struct RotationFacts: Sendable {
    let connection: ConnectionFacts
    /// Nil: no builder is changed, because its registration stays valid, or it is not this installation's.
    let builder: BuilderFacts?
    /// Whether the builder would be changed if it were this installation's.
    let keepsBuilder: Bool
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    let renewal: Facts.Renewal?
    /// Whether the renewal is, or may be, that of another installation with the same certificate folder.
    let isRenewalOfOthers: Bool
    /// The clients with certificates of their own on this machine, by name.
    let clients: [String: Inspection]
    let lookedAt: Date
    /// Whether recent connections are known. Otherwise it is unknown which clients lose access with a dropped CA.
    let knowsSightings: Bool
    /// The names of docker buildx's builders, one of which verifies a new inner pair; otherwise empty.
    let builders: [String]
    /// Other installations of this machine with the same certificate folder.
    let sharers: [KnownInstallation]
    /// BuildKit's Deployments that read the internal certificates, where these are renewed; otherwise empty.
    let backends: [BackendDeployment]
    private let facts: Facts

    var secrets: Facts.Secrets { connection.secrets }
    var folder: Inspection? { connection.folder }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let files = reader.machine("the certificate files", \.files)
        let renewal = reader.machine("the pending renewal", \.renewal)
        let clients = reader.machine("the client certificates", \.clients)
        let isRead =
            reader.machine("the CA", \.authorities) != nil
            && reader.machine("the issued certificates", \.issued) != nil
        // Only the user can decide (`--force`) to drop a CA without knowing which clients need it. A new CA can be
        // introduced without: the old one then stays trusted.
        let needsSightings =
            switch answers.renew {
            case .finish: !answers.force && facts.trustsTwoAuthorities
            case .authority: facts.sightings.isPending
            case .certificates, .inner: false
            }
        let isSeen = !needsSightings || reader.cluster("recent client connections", \.sightings) != nil
        // Only a new inner pair is verified by a request through the builder, where one exists.
        let builders =
            answers.renew == .inner && answers.verify
            ? reader.machine("the builders of docker buildx", \.builders)?.builders.map(\.name) : []
        let changesBuilder = !answers.sans.isEmpty
        let builder = changesBuilder ? BuilderFacts(answers, &reader) : nil
        let records = reader.machine("the records of other installations", \.clientFolders)
        // A renewal of the internal certificates that was interrupted is continued whatever is asked for.
        let restarts = answers.renew == .inner || (renewal ?? nil)?.order.change == .inner
        let backends = restarts ? reader.releases(answers, \.backends) : []
        connection = try ConnectionFacts(facts, answers, &reader)
        guard let files, let renewal, let clients, isRead, isSeen, let builders, let records,
            let backends, !changesBuilder || builder != nil
        else {
            throw reader.refusal
        }
        (self.files, self.renewal, self.clients) = (files, renewal, clients)
        isRenewalOfOthers =
            renewal.map { !facts.otherOwners(of: $0, answers, among: records.sharers).isEmpty } ?? false
        self.backends = backends
        let owner = facts.builderOwnership(answers)
        self.builder = owner == .ours ? builder : nil
        keepsBuilder = if case .foreign? = owner { changesBuilder } else { false }
        knowsSightings = facts.sightings.value != nil
        self.builders = builders
        sharers = records.sharers
        lookedAt = facts.lookedAt
        self.facts = facts
    }
}

// Values derived from facts that have been read.

extension RotationFacts {
    var serverCertificate: CertificateSummary? { facts.serverCertificate }
    var newerServerCertificate: CertificateSummary? { facts.newerServerCertificate }
    var signer: CertificateSummary? { facts.signer }
    var signerIsTrusted: Bool { facts.signerIsTrusted }
    var trustsTwoAuthorities: Bool { facts.trustsTwoAuthorities }
    var formerAuthorityUnusable: Bool { facts.formerAuthorityUnusable }
    var formerAuthorityIsUnused: Bool { facts.formerAuthorityIsUnused }
    var replacedAuthority: String? { facts.replacedAuthority }
    /// The plan of a run that started and did not finish; nil where there is none.
    var interruptedPlan: Plan? { (facts.resumableRun.value ?? nil)?.run.plan }
    var otherClients: [String] { facts.otherClients }
    var authorities: TrustedAuthorities { facts.trustedAuthorities }
    func isOutdated(_ renewal: Facts.Renewal) -> Bool { facts.isOutdated(renewal) }
    var clientsOnFormerAuthority: [Facts.OutdatedClient] { facts.clientsOnFormerAuthority }
    var revocations: RevocationState { facts.revocations }
    var ownClient: String? { facts.ownClient }
    func isApplied(_ renewal: Facts.Renewal) -> Bool { facts.isApplied(renewal) }
    func isDue(_ answers: Answers) -> Bool { facts.isDue(answers) }
}

/// The input of a client change.
struct ClientFacts: Sendable {
    let connection: ConnectionFacts
    let authorities: Facts.Authorities
    /// SHA-256 of the folder's files, by the path.
    let files: [String: String]
    /// The clients that are known here and in the cluster.
    let known: ClientDirectory
    /// The release; nil where there is none, or where this machine has no helm: the release is then not changed.
    let release: Facts.Release?
    /// When each client last connected, by its name; empty where unknown.
    let sightings: [String: LastSeen]
    /// Other installations of this machine with the same CA, only for the notes: empty also where they are unknown, which
    /// prevents no revocation.
    let sharers: [KnownInstallation]
    /// The serials on their revocation lists, only for the notes: missing where they were not read.
    let revokedElsewhere: [InstallationID: Fact<Set<String>>]

    var secrets: Facts.Secrets { connection.secrets }

    init(_ facts: Facts, _ answers: Answers) throws(PlanRefusal) {
        var reader = FactReader(facts)
        let authorities = reader.machine("the CA", \.authorities)
        let files = reader.machine("the certificate files", \.files)
        let isRead =
            reader.machine("the issued certificates", \.issued) != nil
            && reader.machine("the client certificates", \.clients) != nil
        // A revocation list needs no helm; a role change does.
        let needsHelm = facts.helm.failure == nil || answers.role != nil
        let release = needsHelm ? reader.helm("the release \(answers.release)", \.release) : .some(nil)
        connection = try ConnectionFacts(facts, answers, &reader)
        guard let authorities, let files, isRead, let release else { throw reader.refusal }
        (self.authorities, self.files, self.release) = (authorities, files, release)
        known = ClientDirectory(facts)
        sightings = facts.sightings.value ?? [:]
        sharers = facts.clientFolders.value?.sharers ?? []
        revokedElsewhere = facts.revokedElsewhere.value ?? [:]
    }
}
