extension ValueTests {
    static let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)

    /// The values that both pods have, with the same names.
    ///
    /// - Parameters:
    ///   - firstVolume: the number of volumes of the chart itself.
    ///   - firstMount: the number of mounts.
    static func podCases(_ component: String, firstVolume: Int, firstMount: Int) -> [ValueCase] {
        let deployment = "Deployment/buildkit-\(component)"
        let template = "/spec/template"
        let pod = "\(template)/spec"
        func pair(_ name: String, _ value: String, _ pointer: String, _ expected: String) -> ValueCase {
            ValueCase("\(component).\(name)", value, deployment, pointer, .equals(expected))
        }
        return [
            pair("podAnnotations", "{a/b: c}", "\(template)/metadata/annotations/a~1b", "c"),
            pair("podLabels", "{team: tools}", "\(template)/metadata/labels/team", "tools"),
            pair("env", "[{name: A, value: b}]", "\(pod)/containers/0/env/0", "{name: A, value: b}"),
            pair(
                "volumes", "[{name: more, emptyDir: {}}]", "\(pod)/volumes/\(firstVolume)",
                "{emptyDir: {}, name: more}"),
            pair(
                "volumeMounts", "[{name: more, mountPath: /more}]",
                "\(pod)/containers/0/volumeMounts/\(firstMount)", "{mountPath: /more, name: more}"),
            pair("initContainers", "[{name: first, image: i}]", "\(pod)/initContainers/0/name", "first"),
            pair("nodeSelector", "{disk: ssd}", "\(pod)/nodeSelector", "{disk: ssd}"),
            pair("tolerations", "[{operator: Exists}]", "\(pod)/tolerations", "[{operator: Exists}]"),
            pair("affinity", "{nodeAffinity: {}}", "\(pod)/affinity", "{nodeAffinity: {}}"),
            pair("priorityClassName", "high", "\(pod)/priorityClassName", "high"),
        ]
    }
}
