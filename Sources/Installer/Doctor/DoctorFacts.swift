import FoundationEssentials
import MutualTLS

/// All that a doctor goes by.
struct Symptoms: Sendable {
    let answers: Answers
    let facts: Facts
    let places: Places
    let home: String
    let now: Date
    /// What is to be said of the files that buildx shows.
    var client = Inspection()
    /// What buildx said when it was asked for the builder's state; pending where it was not asked.
    var state: Fact<BuilderState> = .pending
    /// How long a real build took, in seconds; pending where there was none.
    var build: Fact<Double> = .pending

    init(_ facts: Facts, _ answers: Answers, in world: World) {
        self.facts = facts
        self.answers = answers
        (places, home, now) = (world.places, world.home, world.now())
    }

    var site: Site { answers.site }
    var kubectl: Kubectl { site.kubectl }

    /// The builder as buildx knows it.
    var builder: Facts.Builder? { facts.builders.value?.builders.first { $0.name == answers.builder } }

    /// How buildx dials it; nil where it was not told how.
    var dialling: Dialling? { builder.flatMap { Dialling($0) } }

    /// The files that buildx shows, or that it would be told to show.
    var files: PemSet.Side {
        let folder = certificates.clientFolder
        return PemSet.Side(
            authority: PemPart(file: dialling?.authority ?? "\(folder)/ca.pem"),
            certificate: PemPart(file: dialling?.certificate ?? "\(folder)/cert.pem"),
            key: PemPart(file: dialling?.key ?? "\(folder)/key.pem"))
    }

    /// The folder of these files.
    var folder: String { dialling?.certificate?.parentFolder ?? certificates.clientFolder }

    var certificates: CertificatePlan {
        CertificatePlan(answers, site: site, places: places, home: home)
    }

    var inventory: CertificateInventory { CertificateInventory(facts, now: now) }

    var status: StatusReport {
        StatusReport(
            facts, answers, places: places, home: home, now: now, days: StatusReport.usualDays)
    }

    /// What a status has to say.
    var remarks: StatusRemarks {
        StatusRemarks(status, facts, answers, inventory, places: places, home: home)
    }

    /// Whether the proxy accepts this machine.
    var isAnswered: Bool {
        guard case .answered? = facts.served.value?.result else { return false }
        return true
    }

    /// Whether there is no BuildKit because it was scaled to nothing.
    var isAsleep: Bool { status.sleep?.isAsleep ?? false }

    /// The cause of what our own look at the endpoint showed, and the way out.
    /// - Parameter reasons: what gRPC's log gave as reasons.
    func failure(_ served: Served, reasons: [String] = []) -> Failure {
        Diagnosis(
            builder: answers.builder,
            target: Target(served.endpoint, servername: served.result.endpoint?.serverName),
            folder: folder, kubectl: kubectl
        ).failure(probe: served.result, reasons: reasons)
    }
}
