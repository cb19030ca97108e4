import FoundationEssentials
import MutualTLS

/// All that a doctor goes by.
struct DoctorFacts: Sendable {
    let answers: Answers
    let facts: Facts
    let places: InstallerPaths
    let home: String
    let now: Date
    /// What is to be said of the files that buildx shows.
    var client = Inspection()
    /// What buildx said when it was asked for the builder's state; pending where it was not asked.
    var state: Fact<BuilderState> = .pending
    /// How long a real build took, in seconds; pending where there was none.
    var build: Fact<Double> = .pending

    init(_ facts: Facts, _ answers: Answers, in dependencies: Dependencies) {
        self.facts = facts
        self.answers = answers
        (places, home, now) = (dependencies.places, dependencies.home, dependencies.now())
    }

    var installation: InstallationID { answers.installation }
    var kubectl: Kubectl { installation.kubectl }

    /// The builder as buildx knows it.
    var builder: Facts.Builder? { facts.builders.value?.builders.first { $0.name == answers.builder } }

    /// How buildx dials it; nil where it was not told how.
    var dialling: BuilderConnection? { builder.flatMap { BuilderConnection($0) } }

    /// The files that buildx shows, or that it would be told to show.
    var files: PEMSet.Side {
        let folder = certificates.clientFolder
        return PEMSet.Side(
            authority: PEMItem(file: dialling?.authority ?? "\(folder)/ca.pem"),
            certificate: PEMItem(file: dialling?.certificate ?? "\(folder)/cert.pem"),
            key: PEMItem(file: dialling?.key ?? "\(folder)/key.pem"))
    }

    /// The folder of these files.
    var folder: String { dialling?.certificate?.parentFolder ?? certificates.clientFolder }

    var certificates: CertificateLayout {
        CertificateLayout(answers, installation: installation, places: places, home: home)
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
    func failure(_ served: ServedEndpointState, reasons: [String] = []) -> InstallerError {
        ConnectionDiagnosis(
            builder: answers.builder,
            target: DialTarget(served.endpoint, servername: served.result.endpoint?.serverName),
            folder: folder, kubectl: kubectl
        ).failure(probe: served.result, reasons: reasons)
    }
}
