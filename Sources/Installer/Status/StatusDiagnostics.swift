import MutualTLS

/// What is wrong with an installation, or may become so, and what to do about it.
struct StatusRemarks {
    typealias Diagnostic = StatusReport.Diagnostic

    private let status: StatusReport
    private let facts: Facts
    private let answers: Answers
    private let inventory: CertificateInventory
    private let certificates: CertificateLayout

    init(
        _ status: StatusReport, _ facts: Facts, _ answers: Answers, _ inventory: CertificateInventory,
        places: InstallerPaths,
        home: String
    ) {
        self.status = status
        self.facts = facts
        self.answers = answers
        self.inventory = inventory
        certificates = CertificateLayout(
            answers, installation: answers.installation, places: places, home: home)
    }

    var all: [Diagnostic] {
        let all = (release + pods + claim + endpoint + builder + inventory.remarks + interruptedRun).map(
            pinned)
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    private var kubectl: Kubectl { status.installation.kubectl }

    private func pinned(_ remark: Diagnostic) -> Diagnostic {
        var remark = remark
        remark.hint = remark.hint.map { status.installation.pinned($0, builder: answers.builder) }
        return remark
    }

    var release: [Diagnostic] {
        // Unknown is not the same as none.
        guard let known = facts.release.value else { return [] }
        guard let release = known else {
            return [
                .error(
                    .releaseMissing, "release/\(status.installation.release)",
                    "There is no \(status.installation).", "Install it: buildkit-installer install")
            ]
        }
        guard release.status != "deployed" else { return [] }
        return [
            .error(
                .releaseNotDeployed, "release/\(status.installation.release)",
                "The release \(status.installation.release) is \(release.status).",
                "Bring it to what was asked: buildkit-installer install")
        ]
    }

    var pods: [Diagnostic] {
        guard let objects = facts.objects.value, !objects.refused.contains("pods") else { return [] }
        let finder = CauseFinder(objects, of: status.installation)
        return status.pods.compactMap { pod in
            let cause = objects.object("Pod", pod.name).flatMap(finder.cause(of:))
            return cause.map(remark)
                ?? pod.trouble.map {
                    .error(
                        .podsNotReady, "pod/\(pod.name)", "\($0).",
                        "See more: \(kubectl("describe", "pod", pod.name))")
                }
        }
            + ["builder", "proxy"].compactMap { part in
                missing(part, objects)
            }
    }

    /// The same words and the same code as an install has for it.
    private func remark(_ cause: Cause) -> Diagnostic {
        .error(
            ErrorCode(rawValue: cause.code.rawValue), cause.object, "\(cause.sentence.withoutFullStop).",
            cause.fix(status.installation))
    }

    /// A part of which there is no pod at all, though there should be.
    private func missing(_ part: String, _ objects: ReleaseObjects) -> Diagnostic? {
        let name = "\(answers.fullname)-\(part)"
        guard objects.pods(of: status.installation, part).isEmpty, (facts.release.value ?? nil) != nil,
            !objects.refused.contains("deployments.apps")
        else { return nil }
        guard let deployment = objects.object("Deployment", name) else {
            return .error(
                "DeploymentMissing", "deployment/\(name)", "The Deployment \(name) is not there.",
                "Bring it back: buildkit-installer install")
        }
        // Zero is what sleep is.
        guard deployment["spec"]?["replicas"]?.number != 0 else { return nil }
        if let cause = CauseFinder(objects, of: status.installation).refusal(deployment) {
            return remark(cause)
        }
        return .error(
            "PodsMissing", "deployment/\(name)", "The Deployment \(name) has no pod.",
            "See more: \(kubectl("describe", "deployment", name))")
    }

    var claim: [Diagnostic] {
        guard let objects = facts.objects.value, let name = status.cache?.claim,
            let claim = objects.object("PersistentVolumeClaim", name),
            let phase = claim["status"]?["phase"]?.string, phase != "Bound"
        else { return [] }
        if let cause = CauseFinder(objects, of: status.installation).cause(ofClaim: claim), phase == "Pending"
        {
            return [remark(cause)]
        }
        let said = objects.events(about: claim).last?["message"]?.string.map { ": \($0)" } ?? "."
        return [
            .error(
                "VolumeClaimNotBound", "persistentvolumeclaim/\(name)",
                "The cache volume's claim \(name) is \(phase)\(said)",
                "See more: \(kubectl("describe", "persistentvolumeclaim", name))")
        ]
    }

    /// What the proxy holds against us; without pods nobody could answer, which is said already.
    private var endpoint: [Diagnostic] {
        guard let served = facts.served.value, status.served?.answered == false,
            (facts.release.value ?? nil) != nil
        else { return [] }
        let diagnosis = ConnectionDiagnosis(
            builder: answers.builder,
            target: DialTarget(served.endpoint, servername: served.result.endpoint?.serverName),
            folder: status.builder?.folder ?? certificates.clientFolder, kubectl: kubectl)
        let failure = diagnosis.failure(probe: served.result, reasons: [])
        return [.error(failure.code, "endpoint/\(served.endpoint)", "\(failure.message).", failure.hint)]
    }

    private var builder: [Diagnostic] {
        guard let builders = facts.builders.value else { return [] }
        var remarks: [Diagnostic] = []
        if let path = builders.defaultConfiguration, status.builder != nil {
            remarks.append(
                .error(
                    "BuilderDefaultConfiguration", "builder/\(answers.builder)",
                    "buildx gives \(path) to every builder, which the remote driver refuses.",
                    "mv \(path.shellQuoted) \("\(path).off".shellQuoted)"))
        }
        // Where the proxy accepts us, whatever is different is so on purpose.
        guard let builder = status.builder, status.served?.answered != true else { return remarks }
        let again = "Register it again: buildkit-installer install"
        if let wanted = answers.fixedEndpoint, "\(wanted)" != builder.endpoint {
            remarks.append(
                .warning(
                    "BuilderEndpointDiffers", "builder/\(builder.name)",
                    "buildx dials \(builder.endpoint), and the answers say \(wanted).", again))
        }
        if let folder = builder.folder, folder != certificates.clientFolder {
            remarks.append(
                .warning(
                    "BuilderFilesDiffer", "builder/\(builder.name)",
                    "buildx reads \(folder), and the files are kept in \(certificates.clientFolder).", again))
        }
        return remarks
    }

    private var interruptedRun: [Diagnostic] {
        guard let run = (facts.interruptedRun.value ?? nil)?.run else { return [] }
        return [
            .warning(
                "RunInterrupted", "installation/\(status.installation.release)",
                "\"\(run.plan.title)\" was begun and did not come to its end.",
                "It goes on from there: buildkit-installer install")
        ]
    }
}
