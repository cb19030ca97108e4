import FoundationEssentials
import MutualTLS
@testable import Installer

/// What the pages without a plan show.
extension Sample {
    static var installations: [KnownInstallation] { [] }

    static var manyInstallations: [KnownInstallation] {
        func known(_ context: String, _ name: String, days: Double) -> KnownInstallation {
            let id = InstallationID(context: context, namespace: name, release: "buildkit")
            return KnownInstallation(
                id, builder: "remote-kubernetes", certificatesEnd: now.addingTimeInterval(days * 86_400 + 60),
                folder: places.certificates(of: id))
        }
        return [
            known("production", "buildkit", days: 12), known("production", "team-b", days: 212),
            known("staging", "buildkit", days: -3),
        ]
    }

    /// Two clients, one of whose certificates expires soon.
    static var clients: ClientReport {
        ClientReport(
            rotationFacts, answers,
            in: CertificateFolder(path: places.certificates(of: answers.installation)), now: now)
    }

    /// What the doctor finds on the machine of the samples: nothing is installed.
    static var findings: DoctorReport {
        let dependencies = Dependencies(runner: ReplayRunner([]), environment: [:], home: home)
        return DoctorReport(DoctorFacts(facts, answers, in: dependencies))
    }

    /// The same before BuildKit was queried.
    static var firstFindings: DoctorReport {
        var report = findings
        for index in report.results.indices
        where ["buildkit", "platforms"].contains(report.results[index].id) {
            report.results[index].verdict = .notChecked
        }
        return report
    }
}
