import MutualTLS

extension Plan {
    /// The steps that renew the certificates. Pure: the same answers and facts always give the same plan.
    ///
    /// What an interrupted rotation has created is not created again: the plan continues from there.
    /// - Throws: where a fact that it depends on could not be read.
    public static func rotate(
        _ answers: Answers, _ facts: Facts, places: InstallerPaths, home: String
    ) throws(PlanRefusal) -> Plan {
        let facts = try RotationFacts(facts, answers)
        let planner = RotationPlanner(answers, facts, places: places, home: home)
        let steps = planner.steps
        return Plan(
            planner.rounds.first == .inner ? .rotateBackend : .rotate,
            title: steps.isEmpty ? "Nothing to renew" : planner.title,
            installation: planner.installation,
            steps: steps,
            notes: planner.notes, differences: planner.differences,
            answers: steps.isEmpty ? nil : planner.keptAnswers)
    }
}

/// Plans a rotation: what is renewed, and in which order no client is locked out.
struct RotationPlanner {
    /// The answers for certificates that are signed here, with the current names of the server certificate.
    let answers: Answers
    let asked: Answers
    let facts: RotationFacts
    let installation: InstallationID
    let paths: CertificateLayout
    let connection: ConnectionPlanner

    init(_ asked: Answers, _ facts: RotationFacts, places: InstallerPaths, home: String) {
        var answers = asked
        // All renewed certificates are created on this machine.
        if answers.certificates != .issue { answers.certificates = .issue }
        if answers.sans.isEmpty, let names = facts.serverCertificate?.names { answers.sans = names }
        self.answers = answers
        self.asked = asked
        self.facts = facts
        installation = facts.connection.installation
        paths = CertificateLayout(asked, installation: installation, places: places, home: home)
        connection = ConnectionPlanner(answers, facts.connection, places: places, home: home)
    }

    /// Nil where no builder is changed.
    var builder: BuilderPlanner? { facts.builder.map { BuilderPlanner(connection, $0) } }

    var revocationState: RevocationState { facts.revocations }

    /// Whether buildx on this machine could not connect even after the rotation.
    var ownIsRevoked: Bool { facts.ownClient.map(revocationState.isRevoked) ?? false }

    /// The rounds, in order; each leaves everything in use in a consistent state.
    var rounds: [RenewalOrder.Change] {
        if let waiting { return [waiting.order.change] + following(waiting.order.change) }
        switch answers.renew {
        case .certificates: return facts.isDue(asked) ? [.leaves] : []
        case .inner: return [.inner]
        case .finish: return facts.trustsTwoAuthorities && mayFinish ? [.retire] : []
        case .authority:
            if replacesAtOnce { return [.replace] }
            if facts.trustsTwoAuthorities { return mayFinish ? [.retire] : [] }
            return [.introduce] + following(.introduce)
        }
    }

    /// Whether no client can connect with a CA that the proxy trusts. Where only the former one is unusable, clients have
    /// certificates of the one that signs.
    private var replacesAtOnce: Bool { facts.formerAuthorityUnusable && !facts.signerIsTrusted }

    /// The former CA is dropped at once where only this installation on this machine is known to need it. Where the proxy does
    /// not trust the CA on this machine, another machine has rotated it.
    private func following(_ change: RenewalOrder.Change) -> [RenewalOrder.Change] {
        guard change == .introduce, answers.renew == .authority,
            facts.signerIsTrusted || facts.trustsTwoAuthorities,
            facts.knowsSightings, facts.otherClients.isEmpty, facts.sharers.isEmpty
        else { return [] }
        return [.retire]
    }

    /// The result of an interrupted rotation that is continued, because it was requested or the proxy already has it.
    var waiting: Facts.Renewal? {
        guard let renewal = facts.renewal else { return nil }
        if facts.isApplied(renewal) || !renewal.serverWaits { return renewal }
        guard !facts.isRenewalOfOthers, !facts.isOutdated(renewal) else { return nil }
        let asksTheSame =
            switch (renewal.order.change, answers.renew) {
            case (.leaves, .certificates), (.introduce, .authority), (.retire, .finish), (.inner, .inner):
                true
            // Clients that need a CA may have become known since it was prepared.
            case (.retire, .authority): mayFinish || !facts.trustsTwoAuthorities
            case (.replace, .authority): replacesAtOnce
            default: false
            }
        let names = renewal.order.certificates.names
        return asksTheSame && renewal.inspection.isUsable && names == answers.names ? renewal : nil
    }

    /// The server certificate in the folder, where a renewal by another installation with this folder only has to be
    /// installed: it has the requested names, and is not due itself.
    var issued: CertificateSummary? {
        guard facts.renewal == nil, rounds == [.leaves],
            let server = isInSecret ? facts.serverCertificate : facts.newerServerCertificate,
            server.names == answers.names,
            server.daysLeft(facts.lookedAt) > (answers.ifDue ?? CertificateSummary.usualLimit)
        else { return nil }
        return server
    }

    /// Whether such a rotation was interrupted when the Secret had the certificates, which the proxies may not have
    /// loaded.
    var isInSecret: Bool {
        guard facts.interruptedPlan?.installsIssued == true, facts.folder?.isUsable == true,
            let secret = facts.secrets.outer
        else { return false }
        return CertificateLayout.pairFiles(in: paths.outer).allSatisfy {
            facts.files[$1] != nil && facts.files[$1] == secret.digests[$0]
        }
    }

    var mayFinish: Bool {
        answers.force || facts.formerAuthorityUnusable
            || facts.knowsSightings && facts.clientsOnFormerAuthority.isEmpty
    }

    var title: String {
        switch rounds.first {
        case nil: unusedAuthority.isEmpty ? "Update the revocation lists" : "Delete the old CA"
        case .leaves where issued != nil: "Install the certificates in the certificate directory"
        case .leaves: "Renew the certificates"
        case .introduce: rounds.count > 1 ? "Replace the CA" : "Introduce a new CA"
        case .retire: "Drop the old CA"
        case .replace: "Replace the CA immediately"
        case .inner: "Renew the internal certificates (Envoy to BuildKit)"
        }
    }

    /// Saved only where a rotation changed the properties of the installation.
    var keptAnswers: [Field.ID: String]? {
        var kept = asked
        let becomesOurs = [.introduce, .replace].contains(rounds.first) && asked.certificates != .issue
        if becomesOurs { kept.certificates = .issue }
        guard becomesOurs || !asked.sans.isEmpty else { return nil }
        if becomesOurs, kept.sans.isEmpty { kept.sans = answers.sans }
        return kept.saved
    }
}

extension RotationPlanner {
    /// The change of the trusted CAs. A resumed rotation has made it, or was confirmed with it.
    var differences: [PlannedChange] {
        let (before, new) = (facts.authorities.inSecret, "a new CA")
        guard waiting == nil, !before.isEmpty else { return [] }
        let after: String? =
            switch (rounds.first, rounds.count) {
            case (.introduce?, 1): "\(before.shortSerials), \(new)"
            case (.introduce?, _), (.replace?, _): new
            case (.retire?, _): facts.authorities.signer?.shortSerial
            case (.leaves?, _), (.inner?, _), (nil, _): nil
            }
        return after.map { [PlannedChange("trusted CAs", before.shortSerials, $0)] } ?? []
    }

    /// What the user must know before confirming.
    var notes: [String] {
        certificateNotes + sharingNotes + (rounds.first == .inner ? backend.notes : []) + builderNotes
    }

    /// A rotation writes the Secret of one installation, and the files that others may use, too.
    private var sharingNotes: [String] {
        guard let first = rounds.first, issued == nil else { return [] }
        return facts.sharers.compactMap { other -> String? in
            let use = other.use(of: "the same certificate directory")
            return switch first {
            case .inner: nil
            case .leaves:
                // While its CAs may be others, only an install uses the certificates in the directory.
                "\(use). It keeps its server certificate; to install the new one there: "
                    + other.installer(facts.trustsTwoAuthorities ? "install" : "rotate")
            case .introduce, .retire, .replace:
                "\(use). Clients with the new files cannot connect to it until they are installed there, too: "
                    + other.installer("install") + (first == .introduce ? lossOfFormerAuthority : "")
            }
        }
    }

    /// Whether the other installation trusts only that CA is not known here.
    private var lossOfFormerAuthority: String {
        guard let place = facts.replacedAuthority else { return "" }
        return
            ". The old CA in \(paths.outer.path)/\(place) is replaced. If it is the only one that is trusted "
            + "there, the Secrets count as those of another machine, and the command also needs --take-over"
    }

    private var builderNotes: [String] {
        guard facts.keepsBuilder, changesNames else { return [] }
        return [
            "The builder \(answers.builder) does not belong to this installation, so its address and server name are kept. "
                + "To change them: buildkit-installer install --take-over"
        ]
    }

    private var certificateNotes: [String] {
        if let waiting {
            return ["Resuming an interrupted rotation."] + handing(waiting.order.change)
        }
        guard let first = rounds.first else {
            return revocationState.needsMerge ? [idle, "The revocation lists are updated."] : [idle]
        }
        if let issued {
            let (folder, secret) = (paths.outer.path, paths.outerSecret.name)
            let what =
                isInSecret
                ? "Resuming an interrupted rotation: the Secret \(secret) has the certificates in \(folder), and no others "
                    + "are issued."
                : "The certificates in \(folder) are newer than those in the Secret \(secret): they are installed, and no "
                    + "others are issued."
            return ["\(what) They expire on \(issued.notAfter.day)."]
        }
        switch first {
        case .leaves, .retire, .replace: return handing(first)
        case .introduce where rounds.count > 1:
            return [
                "No other clients are known to have certificates, so the old CA is dropped immediately."
            ]
        case .introduce:
            return [
                "The old CA stays trusted; once every client has new certificates, drop it: "
                    + "buildkit-installer rotate --finish"
            ] + handing(first)
        case .inner:
            return [
                "BuildKit restarts. Running builds finish first; new builds are queued until it is ready."
            ]
        }
    }

    private var idle: String {
        switch answers.renew {
        case .certificates: return "No certificate expires within \(answers.ifDue ?? 0) days."
        case .finish where !facts.trustsTwoAuthorities:
            return unusedAuthority.isEmpty
                ? "No old CA is trusted."
                : "No old CA is trusted. The one in the certificate directory is deleted: no other installation uses it."
        case .finish, .authority, .inner:
            let reason =
                facts.knowsSightings
                ? facts.clientsOnFormerAuthority.inWords
                : "the proxy log, which shows which clients use it, could not be read"
            return "The old CA stays trusted: \(reason). "
                + "Drop it anyway: buildkit-installer rotate --finish --force"
        }
    }

    /// The clients whose new files must be delivered.
    private func handing(_ change: RenewalOrder.Change) -> [String] {
        let revocations = revocationState
        let names = facts.clients.keys.filter { !revocations.isRevoked($0) }.sorted()
        guard !names.isEmpty, change != .inner, change != .retire else { return [] }
        let folder = "\(paths.outer.path)/clients"
        return [
            "New certificates for \(names.inWords) are written to \(folder); distribute them"
                + (change == .leaves ? ". The old ones stay valid until they expire." : ".")
        ]
    }
}

extension Plan {
    /// Whether it is a rotation that signs nothing, and brings certificates to the proxies.
    fileprivate var installsIssued: Bool {
        let signs = steps.contains { if case .prepareRenewal = $0.action { true } else { false } }
        let rollsOut = steps.contains {
            switch $0.action {
            case .awaitRollout, .refreshProxies: true
            default: false
            }
        }
        return kind == .rotate && rollsOut && !signs
    }
}
