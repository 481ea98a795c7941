package console

import (
	"slices"
	"strings"
)

// Service is a part of the console that has a page of its own.
type Service struct {
	// Names are what people call it: AWS's name in the AWS CLI first, then the
	// usual short ones.
	Names []string
	// Path leads to its page, without the slash in front.
	Path string
	// Global services have one page for all regions.
	Global bool
}

// Lookup finds a service by one of its names, in any case.
func Lookup(name string) (Service, bool) {
	name = strings.ToLower(name)
	for _, s := range services() {
		if slices.Contains(s.Names, name) {
			return s, true
		}
	}
	return Service{}, false
}

// Names are all names of all services, sorted.
func Names() []string {
	var all []string
	for _, s := range services() {
		all = append(all, s.Names...)
	}
	slices.Sort(all)
	return all
}

// services lists the services: names, with spaces between, and path. The names
// are those of the AWS CLI, and those that granted and aws-vault users know.
func services() []Service {
	var all []Service
	for _, list := range []struct {
		text   string
		global bool
	}{{regionalServices, false}, {globalServices, true}} {
		for line := range strings.Lines(list.text) {
			names, path, _ := strings.Cut(strings.TrimSpace(line), " > ")
			all = append(all, Service{Names: strings.Fields(names), Path: path, Global: list.global})
		}
	}
	return all
}

const globalServices = `account > billing/home#/account
	artifact > artifact/home
	billing bill > billing/home
	budgets > billing/home#/budgets
	ce cost costexplorer cost-management > cost-management/home
	cloudfront cf > cloudfront/v4/home
	directconnect dx > directconnect/v2/home
	globalaccelerator ga > globalaccelerator/home
	health phd > health/home
	iam > iam/home
	networkmanager > networkmanager/home
	organizations org > organizations/v2/home
	route53 r53 dns > route53/v2/home
	route53domains > route53/domains/home
	shield > wafv2/shieldv2
	support > support/home
	trustedadvisor ta tra > trustedadvisor/home`

const regionalServices = `accessanalyzer access-analyzer > access-analyzer/home
	acm certificates > acm/home
	acm-pca > acm-pca/home
	amplify > amplify/home
	amp prometheus aps > prometheus/home
	apigateway apigw api > apigateway/home
	appconfig > systems-manager/appconfig
	appflow > appflow/home
	appmesh > appmesh/home
	apprunner > apprunner/home
	appstream > appstream2/home
	appsync > appsync/home
	athena > athena/home
	auditmanager > auditmanager/home
	autoscaling asg > ec2/home#AutoScalingGroups:
	backup > backup/home
	batch > batch/home
	bedrock br > bedrock/home
	bedrock-agentcore agentcore > bedrock-agentcore/home
	braket > braket/home
	chatbot > chatbot/home
	cloud9 c9 > cloud9/home
	cloudformation cfn > cloudformation/home
	cloudhsm > cloudhsm/home
	cloudmap servicediscovery > cloudmap/home
	cloudshell shell > cloudshell/home
	cloudtrail ct > cloudtrailv2/home
	cloudwatch cw > cloudwatch/home
	codeartifact > codesuite/codeartifact/home
	codebuild cb > codesuite/codebuild/home
	codecommit > codesuite/codecommit/home
	codedeploy cd > codesuite/codedeploy/home
	codepipeline cp pipeline > codesuite/codepipeline/home
	codesuite > codesuite/home
	cognito cognito-idp > cognito/v2/home
	comprehend > comprehend/home
	computeoptimizer compute-optimizer > compute-optimizer/home
	config > config/home
	connect > connect/v2/app/instances
	controltower > controltower/home
	databrew > databrew/home
	datasync > datasync/home
	detective > detective/home
	devicefarm > devicefarm/home
	directoryservice ds > directoryservicev2/home
	dms > dms/v2/home
	docdb documentdb > docdb/home
	drs > drs/home
	dynamodb ddb > dynamodbv2/home
	ec2 > ec2/home
	ecr > ecr/home
	ecs > ecs/v2/home
	efs > efs/home
	eks > eks/home
	elasticache redis > elasticache/home
	elasticbeanstalk eb beanstalk > elasticbeanstalk/home
	elb elbv2 > ec2/home#LoadBalancers:
	emr > emr/home
	emr-serverless > emr/home#/serverless
	eventbridge events eb-events > events/home
	firehose > firehose/home
	fis > fis/home
	fms firewallmanager > wafv2/fmsv2/home
	forecast > forecast/home
	fsx > fsx/home
	gamelift > gamelift/home
	glue > glue/home
	grafana amg > grafana/home
	greengrass > greengrass/home
	groundstation > groundstation/home
	guardduty gd > guardduty/home
	healthlake > healthlake/home
	identitycenter sso > singlesignon/home
	imagebuilder > imagebuilder/home
	inspector inspector2 > inspector/v2/home
	iot > iot/home
	ivs > ivs/home
	kafka msk > msk/home
	kendra > kendra/home
	keyspaces cassandra > keyspaces/home
	kinesis > kinesis/home
	kinesisvideo > kinesisvideo/home
	kms > kms/home
	lakeformation lf > lakeformation/home
	lambda l > lambda/home
	lex lexv2 > lexv2/home
	licensemanager license-manager > license-manager/home
	lightsail > ls/webapp/home
	location > location/home
	logs cwl > cloudwatch/home#logsV2:log-groups
	macie macie2 > macie/home
	marketplace > marketplace/home
	mediaconvert > mediaconvert/home
	medialive > medialive/home
	mediapackage > mediapackage/home
	mediastore > mediastore/home
	memorydb > memorydb/home
	mgn > mgn/home
	mq amazonmq > amazon-mq/home
	mwaa airflow > mwaa/home
	neptune > neptune/home
	networkfirewall network-firewall > vpcconsole/home#NetworkFirewalls:
	omics healthomics > omics/home
	opensearch es aos elasticsearch > aos/home
	outposts > outposts/home
	parameterstore param params ps > systems-manager/parameters
	pinpoint > pinpoint/home
	pipes > events/home#/pipes
	polly > polly/home
	ram > ram/home
	rds > rds/home
	redshift > redshiftv2/home
	rekognition > rekognition/home
	resiliencehub > resiliencehub/home
	resource-explorer resource-explorer-2 > resource-explorer/home
	resource-groups rg tags > resource-groups/home
	robomaker > robomaker/home
	s3 > s3/home
	sagemaker sage > sagemaker/home
	scheduler > scheduler/home
	secretsmanager secrets sm scrm > secretsmanager/home
	securityhub sh scrh > securityhub/home
	securitylake > securitylake/home
	serverlessrepo sar > serverlessrepo/home
	servicecatalog sc > servicecatalog/home
	servicequotas quotas service-quotas > servicequotas/home
	ses sesv2 email > ses/home
	snowball snow > snowfamily/home
	sns > sns/v3/home
	sqs > sqs/v3/home
	ssm systems-manager > systems-manager/home
	ssm-incidents incidents > systems-manager/incidents/home
	sessionmanager ssm-sessions > systems-manager/session-manager
	stepfunctions sfn states stepfn > states/home
	storagegateway > storagegateway/home
	synthetics > cloudwatch/home#synthetics:canary/list
	textract > textract/home
	timestream > timestream/home
	transcribe > transcribe/home
	transfer sftp > transfer/home
	translate > translate/home
	verifiedpermissions > verifiedpermissions/home
	vpc > vpcconsole/home
	vpc-lattice lattice > vpcconsole/home#Services:
	waf wafv2 > wafv2/homev2
	wellarchitected wa > wellarchitected/home
	workmail > workmail/v2/home
	workspaces ws > workspaces/v2/home
	xray x-ray > xray/home`
