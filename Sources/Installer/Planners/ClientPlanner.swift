import MutualTLS

/// Plans a client change; each property is one step, or none where there is nothing to do.
struct ClientPlanner {
    /// The kubelet updates a changed Secret within about two minutes where the proxies cannot be annotated. In
    /// seconds.
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

    /// The certificate is registered in the cluster before it is written to disk, so that every machine can revoke
    /// it.
    func issue(replacing serial: String?, undo: [Undo] = []) -> Step {
        let registry = facts.secrets.outer == nil ? nil : certificates.outerSecret
        let registered = registry.map { ", registered in the Secret \($0.name)" } ?? ""
        return Step(
            id: "client", title: "Issue a certificate for \(name) into \(place)\(registered)",
            action: .issueClient(
                order: order, folder: certificates.outer.path, replacing: serial, registry: registry),
            undo: undo)
    }

    /// Registers a certificate that was signed before the Secret existed.
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

    /// Helm keeps all other values; only files that Envoy reloads at run time change.
    var listSteps: [Step] {
        guard let list, let release = facts.release else { return [] }
        let title =
            switch change {
            case .revoke: "Remove \(name) from proxy.clients"
            case .add, .renew: "Grant \(name) the role \(list[name]?.rawValue ?? "")"
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
                // A revocation is not rolled back.
                undo: change == .revoke ? [] : [.takeBack]),
        ]
    }

    // MARK: Access check

    private var builder: BuilderRegistration {
        var builder = connection.wanted
        builder.folder = place
        return builder
    }

    private var tunnel: ServiceName? { connection.tunnel }

    /// - Parameter isChange: whether the proxies must first load a change.
    func look(isRefused: Bool, isChange: Bool) -> Step {
        Step(
            id: isRefused ? "refused" : "admitted",
            title: isRefused ? "Verify that \(name) is rejected" : "Verify that \(name) can connect",
            action: .awaitClientAccess(
                look: ClientAccessCheck(
                    installation: installation, client: name, registration: builder, tunnel: tunnel,
                    isRefused: isRefused,
                    isChange: isChange, timeout: Self.patience)))
    }

    func nudge(_ id: Step.ID) -> Step {
        Step(
            id: id, title: "Reload certificates and roles in Envoy",
            action: .refreshProxies(installation: installation))
    }

    // MARK: Delivery

    var bundle: Step? {
        guard !answers.bundle.isEmpty else { return nil }
        let path = answers.bundle.expanded(home: home)
        return Step(
            id: "bundle", title: "Write the client bundle of \(name) to \(path)",
            action: .writeBundle(
                bundle: ClientBundle(client: name, registration: builder, tunnel: tunnel, path: path)))
    }
}

extension ClientPlanner {
    /// Existing parts are kept: a client with a certificate gets no other one, and only its role changes.
    var addition: Plan {
        let present = known.present(name)
        let certificate =
            known.usable(name) == nil
            ? [issue(replacing: present?.serial, undo: present == nil ? [.takeBack] : [])] : []
        let changes = (certificate.isEmpty ? registration : certificate) + listSteps
        let isPlanned = !changes.isEmpty || !answers.bundle.isEmpty
        let title =
            if !certificate.isEmpty {
                "Add the client \(name)"
            } else if list != nil {
                "Change the role of \(name)"
            } else if !changes.isEmpty {
                "Register the client \(name)"
            } else {
                isPlanned ? "Write the client bundle of \(name)" : "Nothing to change"
            }
        let verification = answers.verify && isPlanned ? [look(isRefused: false, isChange: list != nil)] : []
        // Without the access check no other step makes the proxies reload the list.
        let nudge = !answers.verify && list != nil ? [nudge("nudge")] : []
        return Plan(
            .addClient, title: title, installation: installation,
            steps: changes + nudge + verification + [bundle].compactMap(\.self), notes: notes)
    }

    /// A new certificate for the same name, with its current role.
    var renewal: Plan {
        let certificate = issue(replacing: known.present(name)?.serial)
        let verification = answers.verify ? [look(isRefused: false, isChange: list != nil)] : []
        let nudge = !answers.verify && list != nil ? [nudge("nudge")] : []
        return Plan(
            .renewClient, title: "Renew the certificate of \(name)", installation: installation,
            steps: [certificate] + listSteps + nudge + verification
                + [bundle].compactMap(\.self),
            notes: notes + ["The current certificate of \(name) stays valid until it expires or is revoked."])
    }

    private var notes: [String] {
        var notes: [String] = []
        if change == .add, known.revocations.isRevoked(name) {
            notes.append(
                "\(name) was revoked. It gets access again with a new certificate; its old certificates stay revoked."
            )
        }
        if let list, known.list?.isEmpty == true {
            notes.append(
                "Enables roles: from now on only \(list.inWords) have access. All other certificates "
                    + "signed by the CA are "
                    + "rejected.")
        } else if list == nil, known.list?.isEmpty == true {
            notes.append("Roles are disabled: \(name) has full access. --role enables roles.")
        }
        if let former = facts.authorities.former?.certificate,
            facts.secrets.outer?.certificates.contains(former) == true
        {
            notes.append(
                "Two CAs are currently trusted; the new certificate is signed by the one that is kept.")
        }
        if !answers.bundle.isEmpty {
            notes.append("The bundle contains a private key. Transfer it securely, then delete it.")
        }
        return notes
    }
}

extension Plan {
    /// A certificate and a role for a new client, or another role for an existing one.
    public static func addClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.add, answers, try ClientFacts(facts, answers), places: places, home: home).addition
    }

    public static func renewClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.renew, answers, try ClientFacts(facts, answers), places: places, home: home).renewal
    }

    /// Revokes the access of a client.
    public static func revokeClient(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        ClientPlanner(.revoke, answers, try ClientFacts(facts, answers), places: places, home: home)
            .revocation
    }
}
