import MutualTLS

/// Works out what becomes of a client, step by step; each property is one step, or none where nothing is to be done.
struct ClientPlanner {
    /// The kubelet brings a changed Secret within two minutes or so, where the proxies cannot be nudged.
    private static let patience = 180

    let answers: Answers
    let facts: ClientFacts
    let change: ClientChange
    let known: ClientDirectory
    let installation: InstallationID
    let certificates: CertificateLayout
    private let connection: ConnectionPlanner
    private let places: InstallerPaths
    private let home: String

    init(
        _ change: ClientChange, _ answers: Answers, _ facts: ClientFacts, places: InstallerPaths, home: String
    ) {
        (self.answers, self.facts, self.change, self.places, self.home) = (
            answers, facts, change, places, home
        )
        known = facts.known
        installation = facts.connection.installation
        connection = ConnectionPlanner(answers, facts.connection, places: places, home: home)
        certificates = CertificateLayout(answers, installation: installation, places: places, home: home)
    }

    var name: String { answers.name }
    var place: String {
        known.own?.clientName == name ? certificates.clientFolder : certificates.outer.folder(ofClient: name)
    }

    // MARK: The certificate

    var order: ClientOrder { ClientOrder(name: name, algorithm: answers.keyAlgorithm, days: answers.days) }

    /// The cluster is told of it before it gets to a disk, so that it can be revoked from every machine.
    func issue(replacing serial: String?, undo: [Undo] = []) -> Step {
        let registry = facts.secrets.outer == nil ? nil : certificates.outerSecret
        let registered = registry.map { ", registered in the Secret \($0.name)" } ?? ""
        return Step(
            id: "client", title: "Issue a certificate for \(name) into \(place)\(registered)",
            action: .issueClient(
                order: order, folder: certificates.outer.path, replacing: serial, registry: registry),
            undo: undo)
    }

    /// One that was signed before there was a Secret.
    private var registration: [Step] {
        guard facts.secrets.outer != nil, known.isUnregistered(name) else { return [] }
        return [
            Step(
                id: "register",
                title: "Register the certificate in the Secret \(certificates.outerSecret.name)",
                action: .applySecret(
                    recipe: SecretSpec(
                        secret: certificates.outerSecret, labels: [:], files: [:], replaces: true,
                        keepsOthers: true,
                        revocations: certificates.outer.path)))
        ]
    }

    // MARK: The list of clients

    var list: ClientRoles? { change.list(known, answers) }

    /// Helm keeps all other values as they are; only files that Envoy reads as it runs change.
    var listSteps: [Step] {
        guard let list, let release = facts.release else { return [] }
        let title =
            switch change {
            case .revoke: "Take \(name) off the list of clients"
            case .add, .renew: "Let \(name) in as \(list[name]?.rawValue ?? "")"
            }
        return [
            Step(
                id: "chart", title: "Unpack the chart \(Chart.label)",
                action: .unpackChart(folder: places.chart(of: installation))),
            Step(
                id: "roles", title: title,
                action: .changeRelease(
                    change: ReleaseChange(
                        installation, chart: places.chart(of: installation),
                        values: ["proxy": ["clients": list.json]], timeout: answers.timeout,
                        base: .revision(release.revision), keeps: .reuse, returnsTo: release.revision,
                        waitsOnReturn: true)),
                // A revocation is not taken back.
                undo: change == .revoke ? [] : [.takeBack]),
        ]
    }

    // MARK: Whether it is let in

    private var builder: BuilderRegistration {
        var builder = connection.wanted
        builder.folder = place
        return builder
    }

    private var tunnel: ServiceName? { connection.tunnel }

    /// - Parameter isChange: whether the proxies have something new to take up.
    func look(isRefused: Bool, isChange: Bool) -> Step {
        Step(
            id: isRefused ? "refused" : "admitted",
            title: isRefused ? "See \(name) refused" : "See \(name) let in",
            action: .awaitClientAccess(
                look: ClientAccessCheck(
                    installation: installation, client: name, registration: builder, tunnel: tunnel,
                    isRefused: isRefused,
                    isChange: isChange, timeout: Self.patience)))
    }

    func nudge(_ id: Step.ID) -> Step {
        Step(
            id: id, title: "Have the proxies look for what has changed",
            action: .refreshProxies(installation: installation))
    }

    // MARK: Handing over

    var bundle: Step? {
        guard !answers.bundle.isEmpty else { return nil }
        let path = answers.bundle.expanded(home: home)
        return Step(
            id: "bundle", title: "Put all that \(name) needs into \(path)",
            action: .writeBundle(
                bundle: ClientBundle(client: name, registration: builder, tunnel: tunnel, path: path)))
    }
}

extension ClientPlanner {
    /// What is there already stays: a client that has a certificate gets no other one, and only its role changes.
    var addition: Plan {
        let present = known.present(name)
        let certificate =
            known.usable(name) == nil
            ? [issue(replacing: present?.serial, undo: present == nil ? [.takeBack] : [])] : []
        let changes = (certificate.isEmpty ? registration : certificate) + listSteps
        let isPlanned = !changes.isEmpty || !answers.bundle.isEmpty
        let verification = answers.verify && isPlanned ? [look(isRefused: false, isChange: list != nil)] : []
        // Nobody looks, so nobody else would bring the list to the proxies.
        let nudge = !answers.verify && list != nil ? [nudge("nudge")] : []
        return Plan(
            .addClient, title: isPlanned ? "Add the client \(name)" : "Nothing to change",
            installation: installation,
            steps: changes + nudge + verification + [bundle].compactMap(\.self), notes: notes)
    }

    /// A new certificate for the same name, with the role that it has.
    var renewal: Plan {
        let certificate = issue(replacing: known.present(name)?.serial)
        let verification = answers.verify ? [look(isRefused: false, isChange: list != nil)] : []
        let nudge = !answers.verify && list != nil ? [nudge("nudge")] : []
        return Plan(
            .renewClient, title: "Renew the certificate of \(name)", installation: installation,
            steps: [certificate] + listSteps + nudge + verification
                + [bundle].compactMap(\.self),
            notes: notes + ["The certificate that \(name) has now stays good until it ends or is revoked."])
    }

    private var notes: [String] {
        var notes: [String] = []
        if change == .add, known.revocations.isRevoked(name) {
            notes.append(
                "\(name) was revoked. This lets it in again, with a new certificate; those from before stay revoked."
            )
        }
        if let list, known.list?.isEmpty == true {
            notes.append(
                "Roles begin: from now on only \(list.inWords) may build. Whoever else the authority has signed is "
                    + "refused.")
        } else if list == nil, known.list?.isEmpty == true {
            notes.append("No roles are in force: \(name) may do everything. --role begins them.")
        }
        if facts.authorities.former != nil {
            notes.append(
                "Two authorities are trusted at the moment; the new certificate is of the one that stays.")
        }
        if !answers.bundle.isEmpty {
            notes.append("The bundle holds a private key. Hand it over safely, and delete it then.")
        }
        return notes
    }
}

extension Plan {
    /// A certificate and a role for a client that is to come, or another role for one that is there.
    public static func addClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.add, answers, try ClientFacts(facts, answers), places: places, home: home).addition
    }

    /// A new certificate for a client.
    public static func renewClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.renew, answers, try ClientFacts(facts, answers), places: places, home: home).renewal
    }

    /// Nobody lets the client in any more.
    public static func revokeClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.revoke, answers, try ClientFacts(facts, answers), places: places, home: home)
            .revocation
    }
}
