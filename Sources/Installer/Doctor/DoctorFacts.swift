import FoundationEssentials
import MutualTLS

/// The input of all doctor checks.
struct DoctorFacts: Sendable {
    let answers: Answers
    let facts: Facts
    let places: InstallerPaths
    let home: String
    let now: Date
    /// The findings on the files that buildx uses.
    var client = Inspection()
    /// The builder's state as buildx reports it; pending where buildx was not queried.
    var state: Fact<BuilderState> = .pending
    /// The duration of a test build, in seconds; pending where there was none.
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

    /// The connection that buildx uses; nil where it has none.
    var dialling: BuilderConnection? { builder.flatMap { BuilderConnection($0) } }

    /// The files that buildx uses, or would be configured to use.
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
            facts, answers, places: places, home: home, now: now, days: CertificateSummary.usualLimit)
    }

    var remarks: StatusRemarks {
        StatusRemarks(status, facts, answers, inventory, places: places, home: home)
    }

    /// Whether the proxy accepts this machine.
    var isAnswered: Bool {
        guard case .answered? = facts.served.value?.result else { return false }
        return true
    }

    /// Whether BuildKit is scaled to zero.
    var isAsleep: Bool { status.sleep?.isAsleep ?? false }

    /// The cause of the result of our own probe of the endpoint, with the fix.
    /// - Parameter reasons: the reasons in gRPC's log.
    func failure(_ served: ServedEndpointState, reasons: [String] = []) -> InstallerError {
        ConnectionDiagnosis(
            builder: answers.builder,
            target: DialTarget(served.endpoint, servername: served.result.endpoint?.serverName),
            folder: folder, kubectl: kubectl
        ).failure(probe: served.result, reasons: reasons)
    }
}
