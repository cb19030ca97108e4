import MutualTLS

// Plans of a step or two, for the verbs that do one thing.

extension Plan {
    /// Issues certificates and does no more: all of them, or only those of the hop behind Envoy.
    public static func issue(_ answers: Answers, innerOnly: Bool, places: Places, home: String) -> Plan {
        let paths = CertificatePlan(answers, site: answers.site, places: places, home: home)
        let folder = paths.outer.path
        let action =
            innerOnly
            ? Action.issueInner(folder: folder, algorithm: answers.keyAlgorithm, days: answers.days)
            : .issueCertificates(order: paths.order, folder: folder)
        return Plan(
            title: "Issue certificates", site: answers.site,
            steps: [Step(id: "certificates", title: "Issue the certificates into \(folder)", action: action)])
    }

    /// Puts BuildKit to sleep, or wakes it, and waits until that is so.
    /// - Parameter builder: the name of BuildKit's Deployment.
    static func scale(_ builder: String, _ scaling: Scaling, at site: Site, timeout: Int) -> Plan {
        let isSleep = scaling == .sleep
        return Plan(
            title: isSleep ? "Put BuildKit to sleep" : "Wake BuildKit", site: site,
            steps: [
                Step(
                    id: "scale", title: "Scale \(builder) to \(scaling.replicas)",
                    action: .run(command: site.kubectl.scale("deployment/\(builder)", to: scaling.replicas))),
                Step(
                    id: "wait", title: isSleep ? "Wait until its pod has ended" : "Wait until it is ready",
                    action: .awaitBuilder(name: builder, site: site, scaling: scaling, timeout: timeout)),
            ])
    }

    /// Writes the chart that is inside this program to a folder.
    public static func unpackChart(into folder: String) -> Plan {
        Plan(
            title: "Write the chart", site: Answers().site,
            steps: [
                Step(
                    id: "chart", title: "Write the chart \(Chart.label) to \(folder)",
                    action: .unpackChart(folder: folder))
            ])
    }
}
