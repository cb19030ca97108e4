import MutualTLS

/// Works out what becomes of a client, step by step; each property is one step, or none where nothing is to be done.
struct ClientPlanner {
    /// The kubelet brings a changed Secret within two minutes or so, where the proxies cannot be nudged.
    private static let patience = 180

    let answers: Answers
    let facts: Facts
    let change: ClientChange
    let known: KnownClients
    let site: Site
    let certificates: CertificatePlan
    private let places: Places
    private let home: String

    init(_ change: ClientChange, _ answers: Answers, _ facts: Facts, places: Places, home: String) {
        (self.answers, self.facts, self.change, self.places, self.home) = (
            answers, facts, change, places, home
        )
        known = KnownClients(facts)
        site = answers.site(facts)
        certificates = CertificatePlan(answers, site: site, places: places, home: home)
    }

    var name: String { answers.name }
    var place: String {
        known.own?.clientName == name ? certificates.clientFolder : certificates.outer.folder(ofClient: name)
    }

    // MARK: The certificate

    var order: ClientOrder { ClientOrder(name: name, algorithm: answers.keyAlgorithm, days: answers.days) }

    func issue(replacing serial: String?, undo: [Action] = []) -> Step {
        Step(
            id: "client", title: "Issue a certificate for \(name) into \(place)",
            action: .issueClient(order: order, folder: certificates.outer.path, replacing: serial), undo: undo
        )
    }

    /// Nobody has got it yet.
    var withdraw: Action {
        .withdrawClient(
            name: name, folder: certificates.outer.path, except: known.certificates.map(\.serial))
    }

    // MARK: The list of clients

    var list: ClientList? { change.list(facts, answers) }

    /// Helm keeps all other values as they are; only files that Envoy reads as it runs change.
    var listSteps: [Step] {
        guard let list, let release = facts.release.value ?? nil else { return [] }
        let title =
            switch change {
            case .revoke: "Take \(name) off the list of clients"
            case .add, .renew: "Let \(name) in as \(list[name]?.rawValue ?? "")"
            }
        return [
            Step(
                id: "chart", title: "Unpack the chart \(Chart.label)",
                action: .unpackChart(folder: places.chart(of: site))),
            Step(
                id: "roles", title: title,
                action: .run(
                    command: site.helm.upgrade(
                        chart: places.chart(of: site), values: ["proxy": ["clients": list.json]],
                        timeout: answers.timeout)),
                // A revocation is not taken back.
                undo: change == .revoke
                    ? [] : [.run(command: site.helm.rollback(to: release.revision, waits: true))]),
        ]
    }

    // MARK: Whether it is let in

    private var registration: Registration {
        var registration = InstallPlanner(answers, facts, places: places, home: home).wanted
        registration.folder = place
        return registration
    }

    private var tunnel: ServiceName? {
        InstallPlanner(answers, facts, places: places, home: home).tunnel
    }

    /// - Parameter isChange: whether the proxies have something new to take up.
    func look(isRefused: Bool, isChange: Bool) -> Step {
        Step(
            id: isRefused ? "refused" : "admitted",
            title: isRefused ? "See \(name) refused" : "See \(name) let in",
            action: .watchClient(
                look: ClientLook(
                    site: site, client: name, registration: registration, tunnel: tunnel,
                    isRefused: isRefused,
                    isChange: isChange, timeout: Self.patience)))
    }

    func nudge(_ id: Step.ID) -> Step {
        Step(
            id: id, title: "Have the proxies look for what has changed",
            action: .nudgeProxies(site: site))
    }

    // MARK: Handing over

    var bundle: Step? {
        guard !answers.bundle.isEmpty else { return nil }
        let path = answers.bundle.expanded(home: home)
        return Step(
            id: "bundle", title: "Put all that \(name) needs into \(path)",
            action: .writeBundle(
                bundle: Bundle(client: name, registration: registration, tunnel: tunnel, path: path)))
    }
}
