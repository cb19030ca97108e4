@testable import Installer
import Testing

/// Expects a check to ask for each right that the plan needs, and for no other.
func expectRights(
    of plan: Plan, by check: Check, _ facts: Facts, _ answers: Answers,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let needed = Set(plan.steps.flatMap(\.action.rights))
    #expect(!needed.isEmpty, sourceLocation: sourceLocation)
    #expect(needed.isSubset(of: Facts.Right.universe), sourceLocation: sourceLocation)
    var facts = facts
    for right in Facts.Right.universe {
        facts.missingRights = .known([right])
        let isFailed = if case .failed = check.verdict(facts, answers) { true } else { false }
        #expect(isFailed == needed.contains(right), "\(right)", sourceLocation: sourceLocation)
    }
}

extension Facts.Right {
    /// The rights of all plans, and others.
    fileprivate static let universe: [Facts.Right] =
        [.createNamespace]
        + on(
            madeByChart + [
                "persistentvolumeclaims", "pods", "pods/portforward", "replicasets.apps", "secrets",
            ])

    private static func on(_ resources: [String]) -> [Facts.Right] {
        resources.flatMap { resource in
            ["create", "delete", "get", "list", "patch", "update", "watch"].map { Facts.Right($0, resource) }
        }
    }

    fileprivate static let madeByChart = [
        "configmaps", "deployments.apps", "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy",
        "serviceaccounts", "services",
    ]

    fileprivate static func to(_ verbs: String..., on resources: [String]) -> [Facts.Right] {
        resources.flatMap { resource in verbs.map { Facts.Right($0, resource) } }
    }
}

extension Action {
    /// The rights without which it fails, by the requests that it makes. Without permission to annotate the proxies, it
    /// only takes longer.
    fileprivate var rights: [Facts.Right] {
        switch self {
        case .applySecret: Facts.Right.to("get", "patch", on: ["secrets"])
        case .prepareRenewal(_, _, let registry), .issueClient(_, _, _, let registry):
            registry == nil ? [] : Facts.Right.to("get", "patch", on: ["secrets"])
        case .changeRelease:
            Facts.Right.to("create", "delete", "get", "list", "patch", "update", on: ["secrets"])
                + Facts.Right.to("get", "patch", on: Facts.Right.madeByChart + ["persistentvolumeclaims"])
                + Facts.Right.to("list", "watch", on: ["deployments.apps"])
                + Facts.Right.to("get", "list", on: ["pods"])
                + Facts.Right.to("list", on: ["replicasets.apps"])
        case .awaitPods: Facts.Right.to("list", on: ["deployments.apps", "pods"])
        case .restart: Facts.Right.to("get", "patch", on: ["deployments.apps"])
        case .deletePods:
            Facts.Right.to("list", on: ["deployments.apps", "replicasets.apps"])
                + Facts.Right.to("delete", "list", on: ["pods"])
        case .awaitRollout(let rollout): rollout.tunnel.rights
        case .awaitClientAccess(let look): look.tunnel.rights
        case .verifyBuild(let verification): verification.tunnel.rights
        default: []
        }
    }
}

extension ServiceName? {
    /// Of `kubectl port-forward`.
    fileprivate var rights: [Facts.Right] {
        self == nil
            ? []
            : Facts.Right.to("create", on: ["pods/portforward"]) + Facts.Right.to("get", on: ["services"])
                + Facts.Right.to("get", "list", on: ["pods"])
    }
}
