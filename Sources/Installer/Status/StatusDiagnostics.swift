import MutualTLS

/// The problems and warnings of an installation, with their fixes.
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
        let found =
            release + pods + rollouts + claim + secrets + deletions + endpoint + builder + inventory.remarks
            + interruptedRun
        let all = found.map {
            $0.pinned(to: status.installation, builder: answers.builder, settings: facts.settings)
        }
        return all.filter { $0.severity == .error } + all.filter { $0.severity == .warning }
    }

    private var kubectl: Kubectl { status.installation.kubectl }

    var release: [Diagnostic] {
        // An unknown release is not a missing release.
        guard let known = facts.release.value else { return [] }
        guard let release = known else {
            return [
                .error(
                    .releaseMissing, "release/\(status.installation.release)",
                    "BuildKit not found: \(status.installation).", "Install it: buildkit-installer install")
            ]
        }
        guard release.status != "deployed" else { return [] }
        return [
            .error(
                .releaseNotDeployed, "release/\(status.installation.release)",
                "The release \(status.installation.release) has status \(release.status).",
                "Repair it: buildkit-installer install")
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
                        "Details: \(kubectl("describe", "pod", pod.name))")
                }
        }
            + ["builder", "proxy"].compactMap { part in
                missing(part, objects)
            }
    }

    /// The same message and code as in an install.
    private func remark(_ cause: Cause) -> Diagnostic {
        .error(
            ErrorCode(rawValue: cause.code.rawValue), cause.object, "\(cause.sentence.withoutFullStop).",
            cause.fix(status.installation))
    }

    /// A component without any pod, though one is expected.
    private func missing(_ part: String, _ objects: ReleaseObjects) -> Diagnostic? {
        guard objects.pods(of: status.installation, part).isEmpty, (facts.release.value ?? nil) != nil,
            !objects.refused.contains("deployments.apps")
        else { return nil }
        if let doubt = objects.doubt(aboutPodsOf: status.installation, part) {
            return .error("PodsUnidentified", "pods/\(part)", "\(doubt.message).", doubt.hint)
        }
        guard let deployment = objects.deployment(of: status.installation, part) else {
            let name = "\(answers.fullname)-\(part)"
            return .error(
                "DeploymentMissing", "deployment/\(name)", "Deployment \(name) not found.",
                "Restore it: buildkit-installer install")
        }
        // Zero replicas means that it sleeps.
        guard deployment["spec"]?["replicas"]?.number != 0 else { return nil }
        if let cause = CauseFinder(objects, of: status.installation).refusal(deployment) {
            return remark(cause)
        }
        let name = deployment.name
        return .error(
            "PodsMissing", "deployment/\(name)", "The Deployment \(name) has no pods.",
            "Details: \(kubectl("describe", "deployment", name))")
    }

    /// Rollouts that are paused. Nothing else shows why the pods do not have the settings of the release, and it is no error: BuildKit
    /// works with the former ones.
    var rollouts: [Diagnostic] {
        guard let objects = facts.objects.value else { return [] }
        return objects.deployments(of: status.installation).filter(\.hasPausedRollout).map { deployment in
            let name = "deployment/\(deployment.name)"
            let effect =
                deployment.hasFormerPods
                ? "its pods keep their former settings" : "its pods are not replaced when the settings change"
            return .warning(
                "RolloutPaused", name, "The rollout of \(name) is paused: \(effect).",
                "Resume it: \(kubectl("rollout", "resume", name))")
        }
    }

    var claim: [Diagnostic] {
        guard let objects = facts.objects.value, let name = status.cache?.claim,
            let claim = objects.object("PersistentVolumeClaim", name),
            let phase = claim.phase, phase != "Bound"
        else { return [] }
        if let cause = CauseFinder(objects, of: status.installation).cause(ofClaim: claim), phase == "Pending"
        {
            return [remark(cause)]
        }
        let said = objects.events(about: claim).last?["message"]?.string.map { ": \($0)" } ?? "."
        return [
            .error(
                "VolumeClaimNotBound", "persistentvolumeclaim/\(name)",
                "The PersistentVolumeClaim \(name) of the cache is \(phase)\(said)",
                "Details: \(kubectl("describe", "persistentvolumeclaim", name))")
        ]
    }

    /// The Secrets that pods of the release mount, and that are missing or about to be.
    var secrets: [Diagnostic] {
        guard let secrets = facts.secrets.value, let objects = facts.objects.value else { return [] }
        return [(certificates.outerSecret, secrets.outer), (certificates.innerSecret, secrets.inner)]
            .compactMap {
                secret, state in
                guard objects.mounts(secret.name, in: status.installation) else { return nil }
                guard let state else {
                    return .error(
                        ErrorCode(rawValue: CauseCode.secretMissing.rawValue), "secret/\(secret.name)",
                        "Secret \(secret.name) not found: new pods cannot start without it.",
                        "Restore it: buildkit-installer install")
                }
                return state.deletion.map { isEnding("Secret", secret.name, $0) }
            }
    }

    /// The objects of the release that still exist, and vanish later.
    var deletions: [Diagnostic] {
        guard let objects = facts.objects.value else { return [] }
        return ["Deployment", "Service", "PersistentVolumeClaim"].flatMap { kind in
            objects.own(kind, of: status.installation).compactMap { object in
                PendingDeletion(of: object).map { isEnding(kind, object.name, $0) }
            }
        }
    }

    private func isEnding(_ kind: String, _ name: String, _ deletion: PendingDeletion) -> Diagnostic {
        let wait = kubectl("wait", "--for=delete", "\(kind.lowercased())/\(name)", "--timeout=120s")
        return .error(
            .deletionBlocked, "\(kind.lowercased())/\(name)",
            "\(deletion.sentence(about: "\(kind) \(name)")).",
            "Wait until it is deleted: \(wait), then restore it: buildkit-installer install")
    }

    /// Why the proxy does not accept this machine; without pods that is reported already.
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
                    "buildx applies \(path) to every builder, and the remote driver rejects it.",
                    "mv \(path.shellQuoted) \("\(path).off".shellQuoted)"))
        }
        // Where the proxy accepts this machine, other differences are intentional.
        guard let builder = status.builder, status.served?.answered != true else { return remarks }
        let again = "Register it again: buildkit-installer install"
        if let wanted = answers.fixedEndpoint, "\(wanted)" != builder.endpoint {
            remarks.append(
                .warning(
                    "BuilderEndpointDiffers", "builder/\(builder.name)",
                    "buildx connects to \(builder.endpoint), but the settings specify \(wanted).", again))
        }
        if let folder = builder.folder, folder != certificates.clientFolder {
            remarks.append(
                .warning(
                    "BuilderFilesDiffer", "builder/\(builder.name)",
                    "buildx reads \(folder), but the files are in \(certificates.clientFolder).", again))
        }
        return remarks
    }

    private var interruptedRun: [Diagnostic] {
        guard let run = (facts.resumableRun.value ?? nil)?.run else { return [] }
        return [
            .warning(
                "RunInterrupted", "installation/\(status.installation.release)",
                "\"\(run.plan.title)\" was interrupted.",
                "Resume: buildkit-installer \(run.plan.resumption)")
        ]
    }
}
