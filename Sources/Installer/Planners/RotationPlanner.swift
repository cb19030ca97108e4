import MutualTLS

extension Plan {
    /// What has to be done so that the certificates are new. Pure: the same answers and facts always give the same plan.
    ///
    /// What an interrupted rotation has made is not made again: the plan goes on from there.
    /// - Throws: where something that it depends on could not be read.
    public static func rotate(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        let facts = try RotationFacts(facts, answers)
        let planner = RotationPlanner(answers, facts, places: places, home: home)
        let steps = planner.steps
        return Plan(
            planner.rounds.first == .inner ? .rotateBackend : .rotate,
            title: steps.isEmpty
                ? "Nothing to renew"
                : planner.rounds.isEmpty ? "Bring revocations up to date" : planner.title,
            installation: planner.installation,
            steps: steps,
            notes: planner.notes, answers: steps.isEmpty ? nil : planner.keptAnswers)
    }
}

/// Works out a rotation: what is to be made anew, and in which order nobody is kept waiting.
struct RotationPlanner {
    /// The answers as they hold for certificates that are signed here, with the names that the server has by now.
    let answers: Answers
    let asked: Answers
    let facts: RotationFacts
    let installation: InstallationID
    let paths: CertificateLayout
    let connection: ConnectionPlanner
    private let places: InstallerPaths

    init(_ asked: Answers, _ facts: RotationFacts, places: InstallerPaths, home: String) {
        var answers = asked
        // Whatever is made anew is made here.
        if answers.certificates != .issue { answers.certificates = .issue }
        if answers.sans.isEmpty, let names = facts.serverCertificate?.names { answers.sans = names }
        self.answers = answers
        self.asked = asked
        self.facts = facts
        self.places = places
        installation = facts.connection.installation
        paths = CertificateLayout(asked, installation: installation, places: places, home: home)
        connection = ConnectionPlanner(answers, facts.connection, places: places, home: home)
    }

    /// Nil where no builder is changed.
    var builder: BuilderPlanner? { facts.builder.map { BuilderPlanner(connection, $0, places: places) } }

    var revocationState: RevocationState { facts.revocations }

    /// Whether buildx here could not get through whatever is renewed.
    var ownIsRevoked: Bool { facts.ownClient.map(revocationState.isRevoked) ?? false }

    /// What is to be made anew, one after the other; each round leaves all that is in use in good order.
    var rounds: [RenewalOrder.Change] {
        if let waiting { return [waiting.order.change] + following(waiting.order.change) }
        switch answers.renew {
        case .certificates: return isDue ? [.leaves] : []
        case .inner: return [.inner]
        case .finish: return facts.trustsTwoAuthorities && mayFinish ? [.retire] : []
        case .authority:
            if facts.formerAuthorityUnusable { return [.replace] }
            if facts.trustsTwoAuthorities { return mayFinish ? [.retire] : [] }
            return [.introduce] + following(.introduce)
        }
    }

    /// The former authority is dropped at once where nobody but this machine is known to need it.
    private func following(_ change: RenewalOrder.Change) -> [RenewalOrder.Change] {
        guard change == .introduce, answers.renew == .authority,
            facts.signer != nil || facts.trustsTwoAuthorities,
            facts.knowsSightings, facts.otherClients.isEmpty
        else { return [] }
        return [.retire]
    }

    /// What an interrupted rotation has made, where it is to be gone on with: it is what was asked for, or the proxy
    /// has it already.
    var waiting: Facts.Renewal? {
        guard let renewal = facts.renewal else { return nil }
        if isApplied(renewal) || !renewal.serverWaits { return renewal }
        let asksTheSame =
            switch (renewal.order.change, answers.renew) {
            case (.leaves, .certificates), (.introduce, .authority), (.replace, .authority),
                (.retire, .finish),
                (.retire, .authority), (.inner, .inner):
                true
            default: false
            }
        let names = renewal.order.certificates.names
        return asksTheSame && renewal.inspection.isUsable && names == answers.names ? renewal : nil
    }

    /// Whether the Secret holds what waits.
    func isApplied(_ renewal: Facts.Renewal) -> Bool {
        let digests = facts.files
        let state = renewal.order.change == .inner ? facts.secrets.inner : facts.secrets.outer
        return files(of: renewal.order.change).allSatisfy {
            digests[$1] != nil && digests[$1] == state?.digests[$0]
        }
    }

    /// Whether something that can be renewed ends soon enough, or has other names than are asked for.
    var isDue: Bool {
        guard let days = answers.ifDue else { return true }
        return !due(within: days).isEmpty
            || (facts.serverCertificate?.names ?? answers.names) != answers.names
    }

    func due(within days: Int) -> [CertificateInventory.Entry] {
        facts.inventory.due(within: days).filter {
            switch $0.use {
            case .server, .client: true
            case .authority, .formerAuthority, .innerAuthority, .builder, .proxy: false
            }
        }
    }

    var mayFinish: Bool {
        answers.force || facts.formerAuthorityUnusable
            || facts.knowsSightings && facts.clientsOnFormerAuthority.isEmpty
    }

    var title: String {
        switch rounds.first {
        case .leaves, nil: "Renew the certificates"
        case .introduce: rounds.count > 1 ? "Change the authority" : "Introduce a new authority"
        case .retire: "Drop the former authority"
        case .replace: "Change the authority at once"
        case .inner: "Renew the hop from Envoy to BuildKit"
        }
    }

    /// Changed only where a rotation has changed what the installation is like.
    var keptAnswers: [Field.ID: String]? {
        var kept = asked
        let becomesOurs = [.introduce, .replace].contains(rounds.first) && asked.certificates != .issue
        if becomesOurs { kept.certificates = .issue }
        guard becomesOurs || !asked.sans.isEmpty else { return nil }
        if becomesOurs, kept.sans.isEmpty { kept.sans = answers.sans }
        return kept.texts(of: Form.install.fields)
    }
}

extension RotationPlanner {
    /// What the user should know before agreeing.
    var notes: [String] {
        if let waiting {
            return ["A rotation that was interrupted is gone on with."] + handing(waiting.order.change)
        }
        guard let first = rounds.first else {
            return revocationState.needsMerge ? [idle, "Revocations are brought up to date."] : [idle]
        }
        switch first {
        case .leaves, .retire, .replace: return handing(first)
        case .introduce where rounds.count > 1:
            return [
                "Nobody but this machine is known to have certificates, so the former authority is dropped at once."
            ]
        case .introduce:
            return [
                "The former authority stays trusted; once every client has new certificates, drop it: "
                    + "buildkit-installer rotate --finish"
            ] + handing(first)
        case .inner: return ["BuildKit restarts. Builds that run end first; new ones wait until it is back."]
        }
    }

    private var idle: String {
        switch answers.renew {
        case .certificates: return "Nothing ends within \(answers.ifDue ?? 0) days."
        case .finish where !facts.trustsTwoAuthorities: return "There is no former authority."
        case .finish, .authority, .inner:
            let reason =
                facts.knowsSightings
                ? facts.clientsOnFormerAuthority.inWords
                : "the proxy's log, which tells who needs it, could not be read"
            return "The former authority stays trusted: \(reason). "
                + "Drop it all the same: buildkit-installer rotate --finish --force"
        }
    }

    /// Whose new files have to be handed over.
    private func handing(_ change: RenewalOrder.Change) -> [String] {
        let names = facts.clients.keys.filter { !revocationState.isRevoked($0) }.sorted()
        guard !names.isEmpty, change != .inner, change != .retire else { return [] }
        let folder = "\(paths.outer.path)/clients"
        return [
            "New files for \(names.inWords) go to \(folder); hand them over"
                + (change == .leaves ? ". The former ones work until they end." : ".")
        ]
    }
}
