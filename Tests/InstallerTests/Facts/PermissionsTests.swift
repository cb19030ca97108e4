@testable import Installer
import Testing

@Suite struct RightsTests {
    private typealias Right = Facts.Right

    private let rights = [
        Right.createNamespace, Right("create", "services"), Right("create", "deployments.apps"),
        Right("create", "pods/portforward"), Right("patch", "secrets"), Right("create", "pods"),
    ]

    private func query(_ rights: [Facts.Right]? = nil) -> Query<[Facts.Right]> {
        .missingRights(of: rights ?? self.rights, .team)
    }

    @Test func whatNoRuleAllowsIsMissing() throws {
        #expect(
            try query().value(of: Recording.result("rules-review")) == [
                .createNamespace, Right("patch", "secrets"), Right("create", "pods"),
            ])
    }

    @Test func anAdministratorMissesNothing() throws {
        let result = try Recording.result("rules-review-of-an-administrator")
        #expect(try query(Right.needed(for: Answers())).value(of: result) == [])
    }

    @Test func anIncompleteListIsFollowedByAQuestionForEachRightThatItHides() throws {
        let text = try Recording.text("rules-review").replacing(
            #""incomplete": false"#, with: #""incomplete": true"#)
        // The recorded reviews are for three rights: two are granted, the third is not.
        let hidden = [
            Right("watch", "services"), Right("update", "pods/portforward"), Right("patch", "secrets"),
        ]
        guard case .ask(let next) = try query([.createNamespace] + hidden).read([CommandResult(output: text)])
        else {
            Issue.record("the list was taken for complete")
            return
        }
        #expect(next.commands.count == 1)
        #expect(
            try next.value(of: Recording.result("access-reviews")) == [
                .createNamespace, Right("patch", "secrets"),
            ])
    }

    @Test func manyQuestionsAreSharedAmongFewCommands() throws {
        let text = try Recording.text("rules-review").replacing(
            #""incomplete": false"#, with: #""incomplete": true"#)
        let needed = Right.needed(for: Answers())
        guard case .ask(let next) = try query(needed).read([CommandResult(output: text)]) else {
            Issue.record("the list was taken for complete")
            return
        }
        #expect((2...8).contains(next.commands.count))
    }

    @Test func anAnswerThatIsCutShortIsNoLeave() throws {
        let text = try Recording.text("access-reviews")
        #expect(throws: InstallerError.self) { try query().value(of: CommandResult(output: text)) }
    }

    @Test func theQuestionsGoThroughStandardInput() {
        let command = query().commands[0]
        #expect(
            command.description
                == "kubectl create --validate=false --filename - --output json --request-timeout=5s --context production"
        )
        #expect(command.input?.contains("SelfSubjectRulesReview") == true)
    }

    @Test func aRuleForObjectsOfOneNameIsNoRightToAll() throws {
        let rule = AccessReview.Rule(
            verbs: ["*"], apiGroups: [""], resources: ["secrets"], resourceNames: ["buildkit-secrets"])
        #expect(!rule.allows(Right("get", "secrets")))
    }

    @Test func aRuleForAResourceIsNoneForItsParts() {
        let rule = AccessReview.Rule(
            verbs: ["create"], apiGroups: ["*"], resources: ["pods", "*/scale"])
        #expect(!rule.allows(Right("create", "pods/portforward")))
        #expect(rule.allows(Right("create", "deployments/scale")))
        #expect(rule.allows(Right("create", "pods")))
    }

    @Test func withoutAVolumeNoRightToClaimsIsNeeded() {
        var answers = Answers()
        answers.cache = .none
        #expect(!Right.needed(for: answers).contains { $0.resource == "persistentvolumeclaims" })
        #expect(Right.needed(for: Answers()).contains { $0.resource == "persistentvolumeclaims" })
    }

    @Test func rightsReadAsASentence() {
        let rights = [
            Right("get", "pods"), Right("list", "pods"), Right("create", "services"),
            Right("create", "deployments.apps"), Right("create", "pods/portforward"),
        ]
        #expect(rights.inWords == "create deployments, pods/portforward and services; get and list pods")
    }

    @Test func bracesInsideTextDoNotEndADocument() {
        #expect(
            #"{"a": "}\" {"} {"b": {}}"#.jsonDocuments.map { String($0) } == [
                #"{"a": "}\" {"}"#, #"{"b": {}}"#,
            ])
    }
}
